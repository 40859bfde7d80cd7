from cml_mm.cli import main

raise SystemExit(main())

"""The Cypher of the graph store. Every value comes in as a `$name`, labels too."""

from __future__ import annotations

NODE_COLUMNS = (
    ("id", "STRING"),
    ("label", "STRING"),
    ("name", "STRING"),
    ("text", "STRING"),
    ("is_chunk", "BOOL"),
    ("ref_doc_id", "STRING"),
    ("properties", "STRING"),
)


def _columns(node: str) -> str:
    return ", ".join(f"{node}.{name}" for name, _ in NODE_COLUMNS)


TABLES = (
    f"CREATE NODE TABLE Node({', '.join(f'{name} {kind}' for name, kind in NODE_COLUMNS)}, PRIMARY KEY(id))",
    "CREATE REL TABLE Link(FROM Node TO Node, label STRING, properties STRING)",
)
# Without links: vectors change by deleting and appending rows.
VECTOR_TABLE = "CREATE NODE TABLE Vector(id STRING PRIMARY KEY, vector FLOAT[{dimension}])"
VECTOR_COLUMNS = "CALL table_info('Vector') RETURN name, type"

NODE = f"MATCH (n:Node {{id: $id}}) RETURN {_columns('n')}"
HAS_NODE = "MATCH (n:Node {id: $id}) RETURN n.id"
ALL_NODES = f"MATCH (n:Node) RETURN {_columns('n')} ORDER BY n.id"
NODES_HOLDING = f"MATCH (n:Node) WHERE n.properties CONTAINS $part RETURN {_columns('n')}"
IDS_OF_DOCUMENT = "MATCH (n:Node) WHERE n.ref_doc_id = $document RETURN n.id"
IDS_AND_PROPERTIES = "MATCH (n:Node) RETURN n.id, n.label, n.properties"

_LINK = "a.id, b.id, r.label, r.properties"
ALL_LINKS = f"MATCH (a:Node)-[r:Link]->(b:Node) RETURN {_LINK}"
LINKS_LABELLED = f"MATCH (a:Node)-[r:Link]->(b:Node) WHERE r.label = $label RETURN {_LINK}"
LINKS_FROM = f"MATCH (a:Node {{id: $id}})-[r:Link]->(b:Node) RETURN {_LINK} ORDER BY r.label, b.id"
LINKS_TO = f"MATCH (b:Node {{id: $id}})<-[r:Link]-(a:Node) RETURN {_LINK} ORDER BY r.label, a.id"

SCORES = (
    "MATCH (v:Vector) RETURN v.id AS id,"
    " array_cosine_similarity(v.vector, CAST($vector AS FLOAT[{dimension}])) AS score"
)
NEAREST = SCORES + " ORDER BY score DESC, id LIMIT $limit"

UPDATE_NODE = "MATCH (n:Node {id: $id}) SET " + ", ".join(
    f"n.{name} = ${name}" for name, _ in NODE_COLUMNS if name != "id"
)
UPDATE_LINK = (
    "MATCH (a:Node {id: $source})-[r:Link]->(b:Node {id: $target}) WHERE r.label = $label"
    " SET r.properties = $properties"
)
DELETE_LINK = "MATCH (a:Node {id: $source})-[r:Link]->(b:Node {id: $target}) WHERE r.label = $label DELETE r"
DELETE_NODE = "MATCH (n:Node {id: $id}) DETACH DELETE n"
DELETE_VECTOR = "MATCH (v:Vector {id: $id}) DELETE v"

/** Parses and prints the plans that auto_explain reports. */

import { print } from "./database.ts";

/** A node of a plan, with the field names of `explain (format json)`. */
interface Node {
  "Node Type": string;
  "Relation Name"?: string;
  "Index Name"?: string;
  "Index Cond"?: string;
  Filter?: string;
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number;
  "Rows Removed by Index Recheck"?: number;
  "Heap Fetches"?: number;
  "Shared Hit Blocks"?: number;
  "Shared Read Blocks"?: number;
  Plans?: Node[];
}

/** The plan of a query that has run. */
export interface Plan {
  milliseconds: number;
  /** Pages of 8 kB that it read; a page read twice counts twice. */
  buffers: number;
  root: Node;
}

/** Parses the plan in a notice; `undefined` if the notice has none. */
export function parsePlan(notice: string): Plan | undefined {
  const [, milliseconds, json] =
    /^duration: ([\d.]+) ms {2}plan:\n([\s\S]*)$/.exec(notice) ?? [];
  if (!json) return undefined;
  const { Plan: root } = JSON.parse(json) as { Plan: Node };
  const buffers = (root["Shared Hit Blocks"] ?? 0) +
    (root["Shared Read Blocks"] ?? 0);
  return { milliseconds: Number(milliseconds), buffers, root };
}

/** Finds scans of activities that read more rows than allowed, or not only the athlete's. */
export function findForeignRows(
  { root }: Plan,
  { most }: { most: number },
): string[] {
  return listNodes(root).filter((node) =>
    node["Relation Name"] === "activities"
  ).flatMap((node) => {
    const readRows = node["Actual Loops"] *
      (node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0) +
        (node["Rows Removed by Index Recheck"] ?? 0));
    const condition = node["Index Cond"] ?? "";
    const isOurs = /\bathlete_id = /.test(condition);
    return isOurs && readRows <= most
      ? []
      : [`${describe(node)}: ${readRows} rows of at most ${most}`];
  });
}

function listNodes(node: Node): Node[] {
  return [node, ...(node.Plans ?? []).flatMap(listNodes)];
}

/** Prints a plan as a tree, one node per line. */
export function printPlan({ milliseconds, buffers, root }: Plan): void {
  print(`${milliseconds.toFixed(3)} ms, ${buffers} buffers`);
  const show = (node: Node, depth: number): void => {
    print("  ".repeat(depth + 1) + describe(node));
    for (const part of node.Plans ?? []) show(part, depth + 1);
  };
  show(root, 0);
}

function describe(node: Node): string {
  const hit = node["Shared Hit Blocks"] ?? 0;
  const read = node["Shared Read Blocks"] ?? 0;
  const parts = [
    node["Node Type"],
    node["Index Name"] && `using ${node["Index Name"]}`,
    node["Relation Name"] && `on ${node["Relation Name"]}`,
    `rows=${node["Actual Rows"]} loops=${node["Actual Loops"]}`,
    `hit=${hit} read=${read}`,
    node["Heap Fetches"] !== undefined &&
    `heap fetches=${node["Heap Fetches"]}`,
    node["Index Cond"],
    node.Filter && `filter ${node.Filter}`,
    node["Rows Removed by Filter"] &&
    `removed=${node["Rows Removed by Filter"]}`,
  ];
  return parts.filter(Boolean).join(" ");
}

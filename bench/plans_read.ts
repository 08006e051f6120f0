/** Reads what auto_explain tells of a query. */

import { print } from "./database.ts";

/** A step of a plan, as `explain (format json)` names its fields. */
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

/** What a query did. */
export interface Plan {
  milliseconds: number;
  /** Pages of 8 kB that it looked at, some of them more than once. */
  buffers: number;
  root: Node;
}

/** The plan in a notice, if it is one. */
export function readPlan(notice: string): Plan | undefined {
  const [, milliseconds, json] =
    /^duration: ([\d.]+) ms {2}plan:\n([\s\S]*)$/.exec(notice) ?? [];
  if (!json) return undefined;
  const { Plan: root } = JSON.parse(json) as { Plan: Node };
  const buffers = (root["Shared Hit Blocks"] ?? 0) +
    (root["Shared Read Blocks"] ?? 0);
  return { milliseconds: Number(milliseconds), buffers, root };
}

/** Every scan of the activities that looks at more of them than it may, or not by the athlete. */
export function findForeign(
  { root }: Plan,
  { most }: { most: number },
): string[] {
  return listNodes(root).filter((node) =>
    node["Relation Name"] === "activities"
  ).flatMap((node) => {
    const looked = node["Actual Loops"] *
      (node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0) +
        (node["Rows Removed by Index Recheck"] ?? 0));
    const condition = node["Index Cond"] ?? "";
    const isOurs = /\bathlete_id = /.test(condition);
    return isOurs && looked <= most
      ? []
      : [`${describe(node)}: ${looked} rows of at most ${most}`];
  });
}

function listNodes(node: Node): Node[] {
  return [node, ...(node.Plans ?? []).flatMap(listNodes)];
}

/** The plan as a tree, a line each. */
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

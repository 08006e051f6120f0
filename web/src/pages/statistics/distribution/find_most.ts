/** Returns the first item with the greatest value above 0. Undefined if there is none. */
export function findMost<Item>(
  items: readonly Item[],
  toValue: (item: Item) => number,
): Item | undefined {
  let most: Item | undefined;
  for (const item of items) {
    if (toValue(item) > (most === undefined ? 0 : toValue(most))) most = item;
  }
  return most;
}

import fc from 'fast-check';
import { ROOT, SpanningTree } from './spanning-tree';

/** The parents of all nodes; the root's is -1. */
type Parents = readonly number[];

function wayUp(parents: Parents, from: number): readonly number[] {
  const way = [from];
  for (let node = from; node !== ROOT; way.push(node)) node = parents[node] as number;
  return way;
}

function subtree(parents: Parents, top: number): readonly number[] {
  return [...parents.keys()].filter((node) => wayUp(parents, node).includes(top));
}

describe('a spanning tree', () => {
  it('has the same subtrees as one that is looked up node by node, however it was rehung', () => {
    const nodes = 9;
    const moves = fc.array(fc.record({ inner: fc.nat(), up: fc.nat(), outer: fc.nat() }), { maxLength: 12 });
    fc.assert(
      fc.property(moves, (list) => {
        const tree = new SpanningTree(2);
        tree.growTo(nodes);
        let parents: number[] = [-1];
        for (let node = 1; node < nodes; node += 1) {
          tree.hang(node, 100 + node);
          parents.push(ROOT);
        }
        const arcs = new Map(parents.map((_, node) => [node, node === ROOT ? -1 : 100 + node]));
        for (const [at, move] of list.entries()) {
          const inner = 1 + (move.inner % (nodes - 1));
          const way = wayUp(parents, inner).slice(0, -1);
          const path = way.slice(0, 1 + (move.up % way.length));
          const cut = path.at(-1) as number;
          const outside = [...parents.keys()].filter((node) => !subtree(parents, cut).includes(node));
          const outer = outside[move.outer % outside.length] as number;
          const apex = wayUp(parents, outer).find((node) => wayUp(parents, cut).includes(node)) as number;
          expect(tree.apexOf(inner, outer)).toBe(apex);
          tree.rehang(cut, inner, outer, 200 + at, apex);
          const arcsBefore = path.map((node) => arcs.get(node) as number);
          parents = [...parents];
          path.forEach((node, place) => {
            parents[node] = place === 0 ? outer : (path[place - 1] as number);
            arcs.set(node, place === 0 ? 200 + at : (arcsBefore[place - 1] as number));
          });
          expect([...tree.parent]).toEqual(parents);
          expect(parents.map((_, node) => tree.parentArc[node])).toEqual(parents.map((_, node) => arcs.get(node)));
          const found = parents.map((_, node) => [...tree.below(node)]);
          expect(found.map((some) => some.toSorted((a, b) => a - b))).toEqual(
            parents.map((_, node) => subtree(parents, node)),
          );
          const isAfterParent = (node: number, place: number, some: readonly number[]) =>
            place === 0 || some.indexOf(parents[node] as number) < place;
          expect(found.every((some) => some.every(isAfterParent))).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });
});

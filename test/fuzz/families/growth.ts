import { createContext, Script } from 'node:vm';
import { createSeededRandom } from '../../client/seeded-random.ts';
import type { Surroundings } from '../ask.ts';
import type { Family, FamilyReport } from '../family.ts';
import { type Part, READERS, type Reader } from '../readers.ts';
import type { Watch } from '../watch.ts';

/** How many texts a climb takes at most before the next reader has its turn. */
const CLIMB_MAX = 400;

interface Climbing {
  readonly chance: () => number;
  readonly watch: Watch;
  readonly outcomes: Map<string, number>;
  readonly length: number;
}

/** Texts that grow towards what takes longest to read: each change that makes it slower is kept. */
export function growth({ watch }: Surroundings): Family {
  const family = 'slow texts';
  return {
    name: family,
    share: 10,
    async run(inputs, seed): Promise<FamilyReport> {
      watch.restart();
      const outcomes = new Map<string, number>();
      const length = Math.min(CLIMB_MAX, Math.ceil(inputs / READERS.length));
      const climbing = { chance: createSeededRandom(seed), watch, outcomes, length };
      let [done, finding]: [number, FamilyReport['finding']] = [0, undefined];
      for (; done < inputs && finding === undefined; done += length)
        finding = await climb(READERS[(done / length) % READERS.length] as Reader, climbing);
      return { family, inputs: done, outcomes, slowestMilliseconds: watch.slowestMilliseconds(), finding };
    },
  };
}

/** So many times a piece. */
interface Gene {
  readonly piece: string;
  readonly count: number;
}

async function climb(
  reader: Reader,
  { chance, watch, outcomes, length }: Climbing,
): Promise<FamilyReport['finding']> {
  let best: readonly (readonly Gene[])[] = reader.parts.map(({ start }) =>
    start.map((piece) => ({ piece, count: 1 })),
  );
  let worst = 0;
  for (let tried = 0; tried < length; tried += 1) {
    const at = Math.floor(chance() * best.length);
    const part = reader.parts[at];
    if (part === undefined) break;
    const next = best.with(at, changed(best[at] ?? [], part, chance));
    const texts = next.map((genes, index) => textOf(genes).slice(0, reader.parts[index]?.most));
    try {
      const { outcome, milliseconds } = await timeReading(reader, texts, watch);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      // As slow as before is well enough: it may be on the way to more.
      if (milliseconds >= worst * 0.9) [best, worst] = [next, Math.max(worst, milliseconds)];
    } catch (error) {
      return { message: `${reader.name}: ${(error as Error).message}`, input: JSON.stringify(texts) };
    }
  }
  return undefined;
}

function textOf(genes: readonly Gene[]): string {
  return genes.map(({ piece, count }) => piece.repeat(count)).join('');
}

function changed(genes: readonly Gene[], { pieces, most }: Part, chance: () => number): readonly Gene[] {
  const pick = (below: number) => Math.floor(chance() * below);
  const at = pick(genes.length + 1);
  const gene = genes[at];
  const piece = pieces[pick(pieces.length)] ?? '';
  const room = Math.max(0, most - textOf(genes).length);
  const counts = [1, 1, 2, 8, 64, Math.ceil(room / piece.length / 2), Math.ceil(room / piece.length)];
  const added = { piece, count: counts[pick(counts.length)] ?? 1 };
  if (gene === undefined || chance() < 0.4) return genes.toSpliced(at, 0, added);
  if (chance() < 0.4) return genes.toSpliced(at, 1);
  if (chance() < 0.4) return genes.with(at, added);
  const filling = gene.count + Math.floor(room / gene.piece.length);
  return genes.with(at, { ...gene, count: chance() < 0.5 ? filling : Math.ceil(gene.count / 2) });
}

/** What takes longer than this is given up, so that it can be told. */
const GIVEN_UP_MILLISECONDS = 2000;

/** Where a reading can be ended from outside: nothing else ends an expression that looks back without end. */
const room = createContext({});
const reading = new Script('attempt()');

async function timeReading({ read }: Reader, texts: readonly string[], watch: Watch) {
  let outcome = 'read';
  const attempt = () => {
    const start = performance.now();
    try {
      read(...texts);
    } catch (error) {
      // Of recursion without end.
      if (error instanceof RangeError) throw error;
      outcome = 'refused';
    }
    return performance.now() - start;
  };
  room['attempt'] = attempt;
  const first = await watch.timed<number>(() =>
    reading.runInContext(room, { timeout: GIVEN_UP_MILLISECONDS }),
  );
  return { outcome, milliseconds: Math.min(first, attempt()) };
}

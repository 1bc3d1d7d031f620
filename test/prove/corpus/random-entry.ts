import fc from 'fast-check';
import {
  arn,
  BUCKET,
  type CorpusEntry,
  type CorpusStatement,
  ID,
  keyed,
  named,
  TABLE,
  TAG,
} from './entry.ts';

type Values = readonly string[];

/** What telling tenants apart hangs on, and how it may be written, rightly or not. */
interface Kind {
  readonly action: string;
  readonly resources: (tenant: string) => Values;
  readonly key?: string;
  readonly operators: Values;
  readonly owns: readonly CorpusEntry['owns'][];
}

const QUEUE = arn('sqs', 'jobs');
const ONE = ['StringEquals', 'StringLike', 'StringNotEquals', 'StringNotLike', 'StringLikeIfExists'];
const SEVERAL = ['StringEquals', 'StringLike', 'StringNotEquals'];
const paths = (tenant: string) => [
  `${tenant}/*`,
  `${tenant}*`,
  `*/${tenant}/*`,
  `reports/${tenant}/*`,
  '*',
  `${tenant}-*`,
  `*${tenant}`,
];
const trees = [`${ID}/*`, `reports/${ID}/*`, `*/${ID}/*`, `${ID}-*`];

const KINDS: readonly Kind[] = [
  {
    action: 's3:GetObject',
    resources: (tenant) => paths(tenant).map((path) => `${BUCKET}/${path}`),
    operators: [],
    owns: trees.map((tree) => [named(`${BUCKET}/${tree}`)]),
  },
  {
    action: 's3:ListBucket',
    resources: () => [BUCKET],
    key: 's3:prefix',
    operators: [...ONE, 'StringNotEqualsIfExists'],
    owns: [`${ID}/*`, `home/${ID}/*`].map((tree) => [keyed(BUCKET, 's3:prefix', tree)]),
  },
  {
    action: 'dynamodb:Query',
    resources: () => [TABLE],
    key: 'dynamodb:LeadingKeys',
    operators: ['ForAllValues', 'ForAnyValue'].flatMap((set) => SEVERAL.map((name) => `${set}:${name}`)),
    owns: [[ID], [`${ID}#*`, ID], [`${ID}-*`]].map((keys) => [keyed(TABLE, 'dynamodb:LeadingKeys', ...keys)]),
  },
  {
    action: 'sqs:SendMessage',
    resources: () => [QUEUE],
    key: 'aws:ResourceTag/TenantId',
    operators: [...ONE, 'StringEqualsIgnoreCase'],
    owns: [[keyed(QUEUE, 'aws:ResourceTag/TenantId', ID)]],
  },
];

function statementsOf({ action, resources, key, operators }: Kind, tenant: string) {
  const value = fc.constantFrom(...paths(tenant), tenant, '', 'acme');
  const compared = fc
    .tuple(fc.constantFrom('Null', ...operators), fc.array(value, { minLength: 1, maxLength: 2 }))
    .map(([name, values]) => [name, { [key ?? '']: name === 'Null' ? 'false' : values }] as const);
  const condition = fc.array(compared, { minLength: 1, maxLength: 2 }).map(Object.fromEntries);
  const statement: fc.Arbitrary<CorpusStatement> = fc.record({
    Effect: fc.constantFrom('Allow', 'Allow', 'Deny'),
    Action: fc.constant(action),
    Resource: fc.constantFrom(...resources(tenant)),
    ...(key === undefined ? {} : { Condition: condition }),
  });
  return fc
    .array(statement, { minLength: 1, maxLength: 3 })
    .filter((statements) => statements.some(({ Effect }) => Effect === 'Allow'));
}

/** Profiles that nobody would write, with roles and declarations; what they come to is for proof and brute force to agree on. */
export const randomEntry: fc.Arbitrary<CorpusEntry> = fc.constantFrom(...KINDS).chain((kind) =>
  fc
    .record({
      session: statementsOf(kind, ID),
      role: statementsOf(kind, TAG),
      owns: fc.constantFrom(...kind.owns),
    })
    .map((parts) => ({ name: 'random', source: 'fast-check', verdict: 'isolated', ...parts }) as const),
);

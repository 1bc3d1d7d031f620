import fc from 'fast-check';
import { ConfigurationError } from '../../../functions/core/errors.ts';
import { type Profile, parseProfile } from '../../../functions/core/profile/profile.ts';
import { RESOURCES } from '../../../local/account.ts';
import { profileDefinitions } from '../../../profiles/index.ts';
import type { Surroundings } from '../ask.ts';
import { assertApart, type Chosen } from '../assert-apart.ts';
import { createFamily, type Family } from '../family.ts';
import { type JsonEdit, jsonEdits, withEdits } from '../json-edits.ts';
import { oddText, type TextEdit, textEdits } from '../odd-values.ts';
import { NARROW } from '../tenants.ts';

/** What profiles are written with; a few of them dangerous in the wrong place. */
const PIECES = [
  '{{tenant.id}}',
  '{{scope.folder}}',
  '{{tenant.attributes.plan}}',
  '{{resources.tenantBucketArn}}',
  '/',
  '*',
  '*',
  '*/',
  '?',
  '-',
  ':',
  '#',
  '${*}',
  '${aws:PrincipalTag/TenantId}',
  'acme/',
  'arn:aws:s3:::',
];
const STATEMENT = [
  { Effect: 'Allow', Action: 's3:*', Resource: '*' },
  { Effect: 'Deny', Action: 's3:PutObject', Resource: '*' },
  { Effect: 'Allow', Action: 's3:GetObject', Resource: '{{resources.tenantBucketArn}}/{{tenant.id}}/a/*' },
  {
    Effect: 'Allow',
    Action: 's3:GetObject',
    Resource: '{{resources.tenantBucketArn}}/shared/{{tenant.id}}/*',
  },
  {
    Effect: 'Allow',
    Action: 'dynamodb:GetItem',
    Resource: '{{resources.tenantTableArn}}',
    Condition: { StringLike: { 'aws:ResourceTag/TenantId': '{{tenant.id}}' } },
  },
];
const CONDITIONS = [
  { StringLike: { 's3:prefix': '{{tenant.id}}*' } },
  { StringNotLike: { 's3:prefix': '{{tenant.id}}/*' } },
  { StringLikeIfExists: { 's3:prefix': '{{tenant.id}}/*' } },
  { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': '{{tenant.id}}' } },
  {
    'ForAnyValue:StringLike': { 'dynamodb:LeadingKeys': '{{tenant.id}}' },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  },
  {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': '{{tenant.id}}*' },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  },
  {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': '{{tenant.id}}#*' },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  },
];

const PATHS = [0, 1, 2].flatMap((index) =>
  [
    '',
    '.Effect',
    '.Action',
    '.Resource',
    '.Condition',
    '.Condition.Null',
    '.Condition.StringLike',
    '.Sid',
  ].map((member) => `policy.Statement.${index}${member}`),
);
const MEMBERS = [
  'policy',
  'policy.Version',
  'policy.Statement',
  'scope',
  'scope.folder.pattern',
  'scope.folder.optional',
  'tags',
  'roleArn',
  'durationSeconds',
  'policyArns',
  'transitiveTagKeys',
];

interface ProfileInput extends Chosen {
  readonly base: (typeof BASES)[number];
  readonly structure: readonly JsonEdit[];
  /** Of one text, by its place among all. */
  readonly texts: readonly { readonly at: number; readonly edits: readonly TextEdit[] }[];
}

const BASES = [...profileDefinitions, NARROW];
const values = [
  ...STATEMENT,
  ...CONDITIONS,
  ...PIECES,
  'StringLike',
  's3:*',
  'Deny',
  '{{resources.tenantBucketArn}}/*',
];
/** Changes that a profile may well have. */
const likely = fc
  .oneof(
    fc.record({
      path: fc.constantFrom('policy.Statement'),
      value: fc.constantFrom(...STATEMENT),
      does: fc.constant('add'),
    }),
    fc.record({
      path: fc.constantFrom('policy.Statement.1.Condition', 'policy.Statement.2.Condition'),
      value: fc.constantFrom(...CONDITIONS),
      does: fc.constant('set'),
    }),
    fc.record({
      path: fc.constantFrom('policy.Statement.1.Condition', 'policy.Statement.2.Condition.Null'),
      value: fc.constant(null),
      does: fc.constant('remove'),
    }),
  )
  .map((edit) => [edit as JsonEdit]);
const input: fc.Arbitrary<ProfileInput> = fc.record({
  base: fc.constantFrom(...BASES),
  structure: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 2, arbitrary: likely },
    { weight: 1, arbitrary: jsonEdits([...PATHS, ...MEMBERS], values) },
  ),
  texts: fc.array(fc.record({ at: fc.nat(99), edits: textEdits(PIECES, 2) }), { maxLength: 2 }),
  attribute: fc.oneof(
    fc.constant('gold'),
    oddText.map((text) => text.toWellFormed()),
  ),
  folder: fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom('a/', 'reports/2026/') },
    { weight: 1, arbitrary: oddText.map((text) => `${text}/`) },
  ),
});

/** Shipped profiles with changes: refused, or apart for every two tenants. */
export function profiles({ watch }: Surroundings): Family {
  return createFamily({
    name: 'profiles',
    share: 5,
    inputs: input,
    watch,
    async attempt({ base, structure, texts, ...chosen }) {
      const definition = inTexts(withEdits(base, structure), texts);
      const profile = await watch.timed(() => read(definition));
      return profile === undefined ? 'refused' : assertApart(profile, chosen);
    },
  });
}

function read(definition: unknown): Profile | undefined {
  try {
    return parseProfile(definition, RESOURCES);
  } catch (error) {
    if (error instanceof ConfigurationError) return undefined;
    throw error;
  }
}

/** Of texts with placeholders: what else there is bounds nothing. */
function inTexts(definition: unknown, texts: ProfileInput['texts']): unknown {
  const json = JSON.stringify(definition);
  const count = json.split('{{').length;
  const changes = new Map(texts.map(({ at, edits }) => [at % count, edits]));
  let leaf = 0;
  return JSON.parse(json, (_, value) => {
    if (typeof value !== 'string' || !value.includes('{{')) return value;
    leaf += 1;
    return inPieces(value, changes.get(leaf - 1) ?? []);
  });
}

const PIECE = /(\{\{[^}]*\}\}|\$\{[^}]*\}|[/:*?#-])/;

/** Changes of a template's placeholders, wildcards and delimiters, and of what is between them. */
function inPieces(text: string, edits: readonly TextEdit[]): string {
  let pieces: readonly string[] = text.split(PIECE).filter((piece) => piece !== '');
  for (const { at, does, text: other } of edits) {
    const place = at % (pieces.length + 1);
    const [piece = ''] = pieces.slice(place);
    if (does === 'insert') pieces = pieces.toSpliced(place, 0, other);
    if (does === 'replace') pieces = pieces.toSpliced(place, 1, other);
    if (does === 'remove') pieces = pieces.toSpliced(place, 1);
    if (does === 'double') pieces = pieces.toSpliced(place, 0, piece);
    if (does === 'cut') pieces = pieces.slice(0, place);
  }
  return pieces.join('');
}

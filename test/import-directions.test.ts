import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parseSync } from 'vite';
import { describe, expect, it, test } from 'vitest';

const FUNCTIONS = ['vend', 'saml', 'iam-user', 'decode', 'tenants', 'onboarding', 'verify', 'revoke'];
/** What stack and function agree on. */
const ENVIRONMENTS = FUNCTIONS.map((name) => `${name}/environment.ts`);

/** Which room may import from which, type imports included; what is not listed is forbidden. docs/architecture.md has the same table. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: ['core'],
  adapters: ['core', 'adapters'],
  // What the functions of the tenants' API share.
  api: ['core', 'api'],
  'api/wiring.ts': ['core', 'adapters', 'api'],
  vend: ['core', 'api', 'vend'],
  'vend/wiring.ts': ['core', 'adapters', 'api', 'vend'],
  'vend/handler.ts': ['core', 'adapters', 'vend', 'profiles'],
  // The document of the tenants' API, made ahead of time.
  'vend/openapi/credential-paths.ts': ['core', 'api', 'vend', 'saml/saml-request.ts'],
  'vend/openapi/session-paths.ts': ['core', 'api', 'vend', 'decode/decode-request.ts'],
  saml: ['core', 'api', 'saml'],
  'saml/wiring.ts': ['core', 'adapters', 'api', 'saml'],
  'saml/handler.ts': ['core', 'adapters', 'saml', 'profiles'],
  'iam-user': ['core', 'api', 'iam-user'],
  'iam-user/wiring.ts': ['core', 'adapters', 'api', 'iam-user'],
  'iam-user/handler.ts': ['core', 'adapters', 'iam-user', 'profiles'],
  decode: ['core', 'api', 'decode'],
  'decode/wiring.ts': ['core', 'adapters', 'api', 'decode'],
  'decode/handler.ts': ['core', 'adapters', 'decode'],
  tenants: ['core', 'tenants'],
  // The evaluator, behind a port of the core.
  'tenants/preview-context.ts': ['core', 'policy', 'tenants'],
  'tenants/preview-judge.ts': ['core', 'policy', 'tenants'],
  'tenants/wiring.ts': ['core', 'adapters', 'tenants', 'prove', 'profiles/ownership.ts'],
  'tenants/handler.ts': ['core', 'adapters', 'tenants', 'profiles'],
  onboarding: ['core', 'onboarding'],
  'onboarding/handler.ts': ['core', 'adapters', 'onboarding', 'tenants', 'profiles'],
  'onboarding/resource-handler.ts': ['core', 'adapters', 'onboarding', 'tenants', 'profiles'],
  verify: ['core', 'verify'],
  'verify/wiring.ts': ['core', 'adapters', 'verify'],
  'verify/handler.ts': ['core', 'adapters', 'verify', 'profiles'],
  revoke: ['core', 'revoke'],
  'revoke/wiring.ts': ['core', 'adapters', 'revoke'],
  'revoke/handler.ts': ['core', 'adapters', 'revoke'],
  profiles: ['core', 'profiles'],
  policy: ['policy'],
  prove: ['prove', 'policy', 'core'],
  'prove/deployed.ts': ['prove', 'local', 'profiles'],
  'profiles/ownership.ts': ['prove/ownership.ts'],
  client: ['client'],
  cli: ['cli', 'client', 'core', 'prove', 'tenants/answers.ts', 'tenants/present.ts', 'package.json'],
  infra: [
    'infra',
    'core',
    'profiles',
    'prove',
    ...ENVIRONMENTS,
    'api/environment.ts',
    'onboarding/event-types.ts',
    'onboarding/sbt-tenant.ts',
    'cdk.json',
  ],
  local: ['local', 'policy', 'core', 'adapters', 'api', ...FUNCTIONS, 'profiles'],
  bench: ['bench', 'infra', 'local', 'core', 'adapters', 'api', 'vend', 'profiles', 'cdk.json'],
};

/** Packages that a room may use; a room that is not listed may use any. The hot path stays small, and the core pure. */
const MAY_USE: Readonly<Record<string, readonly RegExp[]>> = {
  core: [/^zod\//, /^node:crypto$/],
  'core/grant/packed-size.ts': [/^node:zlib$/],
  policy: [],
  profiles: [],
  // Node's modules are named as types alone: it runs in browsers.
  client: [/^@smithy\/types$/],
  api: [/^hono/, /^zod\//, /^node:crypto$/],
  'api/wiring.ts': [],
  vend: [/^hono/, /^zod\//],
  'vend/wiring.ts': [],
  'vend/handler.ts': [/^hono\/aws-lambda$/, /^@aws-lambda-powertools\/logger$/],
  saml: [/^hono/, /^zod\//],
  'saml/wiring.ts': [],
  'saml/handler.ts': [/^hono\/aws-lambda$/, /^@aws-lambda-powertools\/logger$/],
  'iam-user': [/^hono/, /^zod\//],
  'iam-user/wiring.ts': [],
  'iam-user/handler.ts': [/^hono\/aws-lambda$/, /^@aws-lambda-powertools\/logger$/],
  decode: [/^hono/, /^zod\//],
  'decode/wiring.ts': [],
  'decode/handler.ts': [/^hono\/aws-lambda$/, /^@aws-lambda-powertools\/logger$/],
  tenants: [/^hono/, /^zod\//, /^node:crypto$/],
  'tenants/wiring.ts': [],
  'tenants/handler.ts': [/^hono\/aws-lambda$/, /^@aws-lambda-powertools\/logger$/],
  onboarding: [/^zod\//, /^aws-lambda$/],
  'onboarding/handler.ts': [/^aws-lambda$/, /^@aws-lambda-powertools\/logger$/],
  'onboarding/resource-handler.ts': [/^@aws-lambda-powertools\/logger$/],
  verify: [/^zod\//, /^@aws-lambda-powertools\/logger$/],
  revoke: [/^zod\//, /^@aws-lambda-powertools\/logger$/],
  // Made ahead of time; nothing that is deployed imports them.
  'vend/openapi.ts': [/^zod/, /^node:fs$/],
  'tenants/openapi.ts': [/^zod/, /^node:fs$/],
  'onboarding/schemas.ts': [/^zod/, /^node:fs$/],
};

/** Every adapter has one outside thing: the packages of one line are one thing. */
const ONE_THING: readonly RegExp[] = [
  /^jose$/,
  /^(?:@aws-sdk\/client-dynamodb|@aws-sdk\/lib-dynamodb)$/,
  /^(?:@aws-sdk\/client-sts|@smithy\/core\/retry)$/,
  /^(?:@aws-sdk\/client-s3|@aws-sdk\/s3-request-presigner)$/,
  /^@aws-sdk\/client-iam$/,
  /^@aws-sdk\/client-kms$/,
  /^@aws-sdk\/client-secrets-manager$/,
  // What checks an assertion, and what reads the metadata that it is checked against.
  /^(?:@node-saml\/node-saml|fast-xml-parser)$/,
  /^@aws-sdk\/client-lambda$/,
  /^@aws-sdk\/client-eventbridge$/,
  /^@aws-lambda-powertools\/logger$/,
  /^node:https?$/,
  // A memory in front of a port; its keys are digests.
  /^(?:lru-cache|node:crypto)$/,
];

interface Import {
  readonly file: string;
  readonly specifier: string;
}

const sources = [
  'functions',
  'profiles',
  'policy',
  'prove',
  'client/src',
  'cli',
  'infra',
  'local',
  'bench',
].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => join(folder, name)),
);

function importsOf(file: string): readonly Import[] {
  const source = readFileSync(file, 'utf8');
  const { module } = parseSync(file, source);
  const specifiers = [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []),
    ),
    // Of import(), only what is written out can be read.
    ...module.dynamicImports.flatMap(
      ({ moduleRequest: { start, end } }) => /^'(.*)'$/.exec(source.slice(start, end))?.[1] ?? [],
    ),
  ];
  return specifiers.map((specifier) => ({ file, specifier }));
}

const imports = sources.flatMap(importsOf);

/** `functions/vend/handler.ts` has rules of its own; else the room is the folder. */
function roomOf(file: string, rules: Readonly<Record<string, unknown>>): string {
  const path = file.replace(/^functions\//, '');
  return path in rules ? path : (path.split('/')[0] ?? '');
}

function violation({ file, specifier }: Import): string | undefined {
  if (specifier.startsWith('.')) {
    const target = relative('.', join(dirname(file), specifier)).replace(/^functions\//, '');
    const allowed = MAY_IMPORT[roomOf(file, MAY_IMPORT)] ?? [];
    const fine = allowed.some((room) => target === room || target.startsWith(`${room}/`));
    return fine ? undefined : `${file} imports ${target}`;
  }
  const allowed = MAY_USE[roomOf(file, MAY_USE)];
  return allowed === undefined || allowed.some((pattern) => pattern.test(specifier))
    ? undefined
    : `${file} uses ${specifier}`;
}

/** Everything of ours that a file imports, and that those import. */
function reachedFrom(entry: string, reached = new Set<string>()): ReadonlySet<string> {
  for (const { file, specifier } of importsOf(entry)) {
    const target = relative('.', join(dirname(file), specifier));
    if (!specifier.startsWith('.') || !target.endsWith('.ts') || reached.has(target)) continue;
    reached.add(target);
    reachedFrom(target, reached);
  }
  return reached;
}

describe('imports', () => {
  it('run one way', () => {
    expect(imports.length).toBeGreaterThan(100);
    expect(imports.map(violation).filter((each) => each !== undefined)).toEqual([]);
  });

  it.each(['functions/vend/handler.ts', 'functions/verify/handler.ts', 'functions/revoke/handler.ts'])(
    'of %s lead to nothing that administers tenants',
    (entry) => {
      const reached = reachedFrom(entry);
      expect(reached.size).toBeGreaterThan(5);
      expect([...reached].filter((file) => file.endsWith('administration.ts'))).toEqual([]);
    },
  );

  it('of an adapter name one outside thing', () => {
    for (const file of sources.filter((each) => each.startsWith('functions/adapters/'))) {
      const packages = importsOf(file).filter(({ specifier }) => !specifier.startsWith('.'));
      const things = new Set(
        packages.map(({ specifier }) => ONE_THING.findIndex((thing) => thing.test(specifier))),
      );
      things.delete(ONE_THING.findIndex((thing) => thing.test('lru-cache')));
      expect([file, things.has(-1), things.size <= 1]).toEqual([file, false, true]);
    }
  });

  test.each([
    ['functions/core/grant/grant.ts', '../../adapters/sts/role-assumer.ts'],
    ['functions/core/grant/grant.ts', 'hono'],
    ['functions/core/grant/grant.ts', '../../../local/start.ts'],
    ['functions/adapters/sts/role-assumer.ts', '../../vend/app.ts'],
    ['functions/vend/app.ts', '../adapters/sts/role-assumer.ts'],
    ['functions/vend/app.ts', '@aws-sdk/client-sts'],
    ['policy/evaluate.ts', '../functions/core/grant/grant.ts'],
    ['functions/tenants/app.ts', '../adapters/dynamo-tenant-store.ts'],
    ['functions/tenants/app.ts', '@aws-sdk/client-iam'],
    ['functions/tenants/app.ts', '../../policy/evaluate.ts'],
    ['functions/core/grant/grant.ts', 'node:zlib'],
    ['functions/core/preview/preview.ts', '../../../policy/evaluate.ts'],
    ['functions/onboarding/event-consumer.ts', '../adapters/event-announcer.ts'],
    ['functions/vend/wiring.ts', '../adapters/../tenants/wiring.ts'],
    ['cli/program.ts', '../functions/tenants/wiring.ts'],
    ['cli/program.ts', '../local/start.ts'],
    ['client/src/vend.ts', '../../functions/core/errors.ts'],
    ['client/src/vend.ts', 'node:fs'],
    ['client/src/vend.ts', '@aws-sdk/client-sts'],
    ['infra/app.ts', '../functions/vend/handler.ts'],
    ['local/start.ts', '../infra/app.ts'],
    ['local/start.ts', '../test/latchkey.ts'],
  ])('%s may not import %s', (file, specifier) => {
    expect(violation({ file, specifier })).toBeDefined();
  });
});

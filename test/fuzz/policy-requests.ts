import type { AwsRequest } from './isolation.ts';

/** What wildcards in actions stand for. */
const ACTIONS = ['s3:GetObject', 's3:PutObject', 's3:ListBucket', 'dynamodb:GetItem', 'dynamodb:Scan'];
const FILLERS = ['x', '', 'globex/x'];
const REQUESTS_MAX = 120;

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** Requests that a rendered policy means to allow: one for every action, resource and way to fill its wildcards, with others' names too. */
export function requestsIn(policy: string, names: readonly string[] = []): readonly AwsRequest[] {
  const fillers = [...FILLERS, ...names.slice(0, 3).flatMap((name) => [`/${name}/x`, `${name}/x`])];
  const { Statement } = JSON.parse(policy) as { readonly Statement: readonly Statement[] };
  const allowed = Statement.filter(({ Effect }) => Effect === 'Allow');
  return allowed
    .flatMap(({ Action, Resource, Condition = {} }) =>
      actionsIn([Action].flat()).flatMap((action) =>
        Resource.flatMap((resource) =>
          fillers.flatMap((filler) =>
            // With what its conditions ask for, and with nothing of it.
            (Object.keys(Condition).length === 0 ? [{}] : [keysIn(Condition, filler), {}]).map((keys) => ({
              action,
              resource: filled(resource, filler),
              keys,
            })),
          ),
        ),
      ),
    )
    .filter(({ resource }) => /^arn:[\w-]+:[\w-]+:[^:]*:[^:]*:./s.test(resource))
    .slice(0, REQUESTS_MAX);
}

function actionsIn(patterns: readonly string[]): readonly string[] {
  return patterns.slice(0, 2).flatMap((pattern) => {
    if (!/[*?]/.test(pattern)) return [pattern];
    const service = pattern.split(':')[0] ?? '';
    return ACTIONS.filter((action) => pattern === '*' || action.startsWith(`${service}:`));
  });
}

function keysIn(conditions: NonNullable<Statement['Condition']>, filler: string): AwsRequest['keys'] {
  const keys: Record<string, string | readonly string[]> = {};
  for (const [operator, members] of Object.entries(conditions)) {
    for (const [key, values] of Object.entries(members)) {
      const value = filled([values].flat()[0] ?? '', filler);
      if (operator !== 'Null' && !operator.includes('Not'))
        keys[key] = operator.startsWith('For') ? [value] : value;
    }
  }
  return keys;
}

/** With something where each wildcard is, and characters for their escapes. */
function filled(text: string, filler: string): string {
  return text.replaceAll(
    /\$\{([*?$])\}|[*?]/g,
    (wildcard, escaped?: string) => escaped ?? (wildcard === '?' ? 'x' : filler),
  );
}

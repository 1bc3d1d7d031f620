/** What the profile and its role come to: what the proof must say, and what brute force must find. */
export type CorpusVerdict = 'isolated' | 'crosses' | 'undeclared';

/** A statement of a session policy or a role's, as it is written. */
export interface CorpusStatement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: Conditions;
}

export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** What belongs to a tenant: all that an ARN names, or what a condition key says of it. */
export interface CorpusOwned {
  /** An ARN with `{{tenant.id}}`, unless a key tells tenants apart. */
  readonly resource: string;
  readonly key?: string;
  /** The key's values that are the tenant's, with `{{tenant.id}}`. */
  readonly values?: readonly string[];
  /** Left out, every action. */
  readonly actions?: readonly string[];
}

/** What every tenant may reach. */
export interface CorpusShared {
  readonly actions: readonly string[];
  readonly resource: string;
}

/** A profile, its role, whose what is, and the verdict. */
export interface CorpusEntry {
  readonly name: string;
  /** The published example that it is taken from, or the trap's name. */
  readonly source: string;
  readonly session: readonly CorpusStatement[];
  /** The role's statements. Left out, they say what the session says, with the tag where the tenant's id stands. */
  readonly role?: readonly CorpusStatement[];
  /** The role's permissions boundary. */
  readonly boundary?: readonly CorpusStatement[];
  /** A managed policy that the profile names beside its own session policy. */
  readonly managed?: readonly CorpusStatement[];
  readonly owns: readonly CorpusOwned[];
  readonly shared?: readonly CorpusShared[];
  /** Scope parameters: name → pattern; every request must give them. */
  readonly scope?: Readonly<Record<string, string>>;
  /** Session tags besides TenantId. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly verdict: CorpusVerdict;
  /** Whether `parseProfile` refuses it before any proof; the verdict is then of what would have been deployed. */
  readonly refused?: true;
}

/** Where a session policy has the tenant's id, and where a role's policy has it. */
export const ID = '{{tenant.id}}';
export const TAG = `\${aws:PrincipalTag/TenantId}`;

const ACCOUNT = '111122223333';

/** The ARN of something in the corpus's account and region. */
export function arn(service: string, resource: string): string {
  return `arn:aws:${service}:eu-west-1:${ACCOUNT}:${resource}`;
}

export const BUCKET = 'arn:aws:s3:::data';
export const TABLE = arn('dynamodb', 'table/data');

export function allow(
  Action: string | readonly string[],
  Resource: string | readonly string[],
  Condition?: Conditions,
): CorpusStatement {
  return { Effect: 'Allow', Action, Resource, ...(Condition && { Condition }) };
}

export function deny(
  Action: string | readonly string[],
  Resource: string | readonly string[],
  Condition?: Conditions,
): CorpusStatement {
  return { ...allow(Action, Resource, Condition), Effect: 'Deny' };
}

/** Everything that the ARN names is the tenant's. */
export function named(resource: string): CorpusOwned {
  return { resource };
}

/** Of what the ARN names, that is the tenant's whose key has one of the values. */
export function keyed(resource: string, key: string, ...values: readonly string[]): CorpusOwned {
  return { resource, key, values };
}

/** Every tenant may do this with it. */
export function share(actions: string | readonly string[], resource: string): CorpusShared {
  return { actions: [actions].flat(), resource };
}

/** The role's statements: those of the entry, or the session's with the tag in the id's place. */
export function roleOf({ session, role }: CorpusEntry): readonly CorpusStatement[] {
  if (role !== undefined) return role;
  return JSON.parse(JSON.stringify(session).replaceAll(ID, TAG));
}

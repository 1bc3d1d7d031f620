import type { Selection } from './policy.ts';
import { PolicyError } from './policy-error.ts';

/** One entry of a Principal element; an account stands for everyone in it. */
export type PrincipalEntry =
  | { readonly type: 'everyone' | 'everyAwsPrincipal' }
  | { readonly type: 'account' | 'arn' | 'service' | 'federated'; readonly id: string };

/** Who makes a request, as a resource-based policy sees it. */
export type RequestPrincipal =
  | { readonly type: 'roleSession'; readonly roleArn: string; readonly sessionArn: string }
  | { readonly type: 'user'; readonly arn: string }
  /** A session from GetFederationToken. */
  | { readonly type: 'federatedUser'; readonly userArn: string; readonly sessionArn: string }
  | { readonly type: 'service'; readonly name: string }
  /** Who shows a token or an assertion of an identity provider to STS. */
  | { readonly type: 'federated'; readonly provider: string }
  | { readonly type: 'anonymous' };

/** Whoever makes a request, and what a resource-based policy's verdict on them depends on besides. */
export interface Asker {
  readonly principal: RequestPrincipal;
  readonly hasBoundary: boolean;
}

/**
 * How an Allow names whoever asks: as themselves, where a wildcard counts as well; by the role or user that their session is
 * of; or by their account, which only may delegate what it is given.
 */
export type Naming = 'caller' | 'entity' | 'account';

const ACCOUNT = /^\d{12}$/;
const ACCOUNT_ROOT = /^arn:[\w-]+:iam::(?<account>\d{12}):root$/;
const NAMED_ARN =
  /^arn:[\w-]+:(?:iam::\d{12}:(?:role|user)|sts::\d{12}:(?:assumed-role|federated-user))\/[\w+=,.@/-]+$/;

/**
 * Reads one id of a Principal element
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html). Part of a name or an ARN
 * cannot be a wildcard. Canonical user ids and unique ids (AROA…) are refused: the evaluator could not tell whose they are.
 */
export function parsePrincipal(type: string, id: string, where: string): PrincipalEntry {
  if (type === 'AWS') return parseAwsPrincipal(id, where);
  if (type === 'Service' && /^[a-z\d.-]+\.amazonaws\.com(\.cn)?$/.test(id)) return { type: 'service', id };
  if (type === 'Federated' && /^[^\s*?]+$/.test(id)) return { type: 'federated', id };
  throw new PolicyError({
    what: where,
    got: { [type]: id },
    expected: 'an AWS, Service or Federated principal',
  });
}

function parseAwsPrincipal(id: string, where: string): PrincipalEntry {
  if (id === '*') return { type: 'everyAwsPrincipal' };
  const account = ACCOUNT.test(id) ? id : ACCOUNT_ROOT.exec(id)?.groups?.['account'];
  if (account !== undefined) return { type: 'account', id: account };
  if (NAMED_ARN.test(id)) return { type: 'arn', id };
  throw new PolicyError({
    what: where,
    got: id,
    expected: "*, an account id, or a role's, session's or user's ARN",
  });
}

/**
 * Whether a statement's principals include whoever makes the request. A role session goes by three names: its account, its
 * role and itself. One of them in Principal is enough. In NotPrincipal, which only a Deny has, every name must be listed, and not
 * even that spares whoever has a permissions boundary
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html).
 */
export function principalMatches(
  { mode, entries }: Selection<PrincipalEntry>,
  { principal, hasBoundary }: Asker,
): boolean {
  const listed = namesOf(principal).map((name) => entries.some((entry) => covers(entry, name)));
  return mode === 'only' ? listed.includes(true) : hasBoundary || listed.includes(false);
}

/** The closest way in which a Principal names whoever asks; undefined when it does not. */
export function namingOf(
  { mode, entries }: Selection<PrincipalEntry>,
  principal: RequestPrincipal,
): Naming | undefined {
  if (mode === 'allExcept') return undefined;
  const named = namesOf(principal).filter((name) => entries.some((entry) => covers(entry, name)));
  return NAMINGS.find((naming) => named.some((name) => name.naming === naming));
}

/** From the closest to the furthest; a wildcard covers every name, and so the closest. */
const NAMINGS: readonly Naming[] = ['caller', 'entity', 'account'];

/** One of the names that whoever asks goes by; without `id` it is nobody's. */
interface PrincipalName {
  readonly naming: Naming;
  readonly type: 'account' | 'arn' | 'service' | 'federated' | 'anonymous';
  readonly id: string | undefined;
}

/** `{"AWS": "*"}` is `"*"` for anonymous requests (page on Principal); that it is for services as well, no page says. */
function covers(entry: PrincipalEntry, name: PrincipalName): boolean {
  if (entry.type === 'everyone') return true;
  if (entry.type === 'everyAwsPrincipal') return ['account', 'arn', 'anonymous'].includes(name.type);
  return entry.type === name.type && entry.id === name.id;
}

function namesOf(principal: RequestPrincipal): readonly PrincipalName[] {
  switch (principal.type) {
    case 'roleSession':
      return sessionNames(principal.roleArn, principal.sessionArn);
    case 'federatedUser':
      return sessionNames(principal.userArn, principal.sessionArn);
    case 'user':
      return [accountName(principal.arn), { naming: 'caller', type: 'arn', id: principal.arn }];
    case 'service':
      return [{ naming: 'caller', type: 'service', id: principal.name }];
    case 'federated':
      return [{ naming: 'caller', type: 'federated', id: principal.provider }];
    case 'anonymous':
      return [{ naming: 'caller', type: 'anonymous', id: undefined }];
  }
}

function sessionNames(entityArn: string, sessionArn: string): readonly PrincipalName[] {
  return [
    accountName(sessionArn),
    { naming: 'entity', type: 'arn', id: entityArn },
    { naming: 'caller', type: 'arn', id: sessionArn },
  ];
}

function accountName(arn: string): PrincipalName {
  const account = arn.split(':')[4] ?? '';
  if (!ACCOUNT.test(account))
    throw new PolicyError({ what: 'request principal', got: arn, expected: 'an ARN with an account' });
  return { naming: 'account', type: 'account', id: account };
}

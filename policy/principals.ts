import type { Selection, Statement } from './policy.ts';
import { PolicyError } from './policy-error.ts';

/** One entry of a Principal element; an account stands for everyone in it. */
export type PrincipalEntry =
  | { readonly type: 'everyone' | 'everyAwsPrincipal' }
  | { readonly type: 'account' | 'arn' | 'service' | 'federated'; readonly id: string };

/** Who makes a request, as a resource-based policy sees it. */
export type RequestPrincipal =
  | { readonly type: 'roleSession'; readonly roleArn: string; readonly sessionArn: string }
  | { readonly type: 'user'; readonly arn: string }
  | { readonly type: 'service'; readonly name: string }
  | { readonly type: 'federated'; readonly provider: string };

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
 * role and itself. One of them in Principal is enough. In NotPrincipal, a Deny spares only those whose every name is listed,
 * an Allow leaves out those of whom any name is
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html).
 */
export function principalMatches(
  { mode, entries }: Selection<PrincipalEntry>,
  effect: Statement['effect'],
  principal: RequestPrincipal,
): boolean {
  const names = namesOf(principal);
  const listed = (name: PrincipalEntry) => entries.some((entry) => covers(entry, name));
  if (mode === 'only') return names.some(listed);
  return effect === 'Deny' ? !names.every(listed) : !names.some(listed);
}

function covers(entry: PrincipalEntry, name: PrincipalEntry): boolean {
  if (entry.type === 'everyone') return true;
  if (entry.type === 'everyAwsPrincipal') return name.type === 'account' || name.type === 'arn';
  return 'id' in name && entry.type === name.type && entry.id === name.id;
}

function namesOf(principal: RequestPrincipal): readonly PrincipalEntry[] {
  switch (principal.type) {
    case 'roleSession':
      return [
        accountOf(principal.sessionArn),
        { type: 'arn', id: principal.roleArn },
        { type: 'arn', id: principal.sessionArn },
      ];
    case 'user':
      return [accountOf(principal.arn), { type: 'arn', id: principal.arn }];
    case 'service':
      return [{ type: 'service', id: principal.name }];
    case 'federated':
      return [{ type: 'federated', id: principal.provider }];
  }
}

function accountOf(arn: string): PrincipalEntry {
  const account = arn.split(':')[4] ?? '';
  if (!ACCOUNT.test(account))
    throw new PolicyError({ what: 'request principal', got: arn, expected: 'an ARN with an account' });
  return { type: 'account', id: account };
}

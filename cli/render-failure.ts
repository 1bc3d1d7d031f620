import { asFailure, type Problem, RefusedError, UnreachableError, UsageError } from './failure.ts';
import { printable } from './terminal.ts';

/** Also for answers of what stands in front of Latchkey, which have no code. */
const FORBIDDEN =
  "the AWS identity that signs needs execute-api:Invoke on the operators' API; check AWS_PROFILE and --region; is the endpoint OperatorApiUrl, not ApiUrl?";

const SIGN_IN = 'run latchkey login again, or give a token that is good: --token-file, LATCHKEY_TOKEN_FILE';

const NO_PROOFS =
  "this program has no key for DPoP: ask the API's operator for an issuer whose senderConstraint is optional";

/** What helps, by the code of a failure, where the failure's own text does not say it. */
const CURES: Readonly<Record<string, string>> = {
  precondition_failed:
    'read it again with get: an earlier try may have done it; else use the version that is stored now',
  tenant_not_found: '`latchkey tenant list` shows those that there are',
  issuer_not_found: '`latchkey issuer list` shows those that there are; `latchkey issuer put` makes one',
  issuer_in_use: '`latchkey tenant list` shows who may be bound to it',
  binding_taken: 'take it from the other tenant first, or wait for an hour after it was freed',
  write_conflict: 'run the same command again',
  events_unavailable:
    'it is written; run the same command again, without --if-match, so that listeners hear of it',
  revocation_failed: 'mend what AWS names, and run the same command again, without --if-match',
  revocations_full: 'run the same command again in a few minutes',
  signature_missing:
    'check that --endpoint or LATCHKEY_ENDPOINT has the stage of the API at its end; is it OperatorApiUrl, not ApiUrl?',
  signature_invalid: 'check AWS_PROFILE and --region',
  signature_expired: 'sign in to AWS again',
  not_authorized: FORBIDDEN,
  role_not_assumable: '`latchkey tenant role-template` prints the role as it must be',
  token_missing: SIGN_IN,
  token_malformed: SIGN_IN,
  token_invalid:
    'was the token made for this API? `latchkey login --resource …` names what it is for; else ask its operator',
  token_expired: SIGN_IN,
  token_bound: NO_PROOFS,
  token_not_bound: NO_PROOFS,
  proof_invalid: NO_PROOFS,
  proof_nonce_required: NO_PROOFS,
  token_replayed:
    "the issuer's tokenUse is once: AWS SDKs and this program need many (`latchkey issuer put … --token-use many`)",
  token_unreadable: 'give a file with the JWT as --token-file or LATCHKEY_TOKEN_FILE, or run latchkey login',
  answer_invalid:
    "--api-url or LATCHKEY_API_URL must be the stack's output ApiUrl, with the stage at its end",
  mfa_unreadable: '--mfa-code takes 6 digits; --mfa-command, a program that prints them and nothing else',
  mfa_required: 'give --mfa-serial, the MFA device, and --mfa-code or --mfa-command',
  mfa_refused:
    'a code counts once: wait for the next one; the device of --mfa-serial must be that of the IAM user',
  tenant_inactive: "ask the API's operator, who sees why with `latchkey tenant get`",
  media_type_unsupported:
    'this program sends JSON: something in between has changed the Content-Type, or the URL is not the API',
  issuer_unknown: "sign in with the issuer that the API's operator names: `latchkey login --issuer …`",
  tenant_unknown: "ask the API's operator: nobody has bound a tenant to who you are at your issuer",
  insufficient_scope:
    '`latchkey whoami` shows which scopes are missing; `latchkey login --scope …` asks for them',
  profile_not_granted: '`latchkey whoami` shows the profiles that there are for you',
  scope_invalid: '`latchkey whoami` shows what --scope of the profile takes',
  duration_out_of_range:
    '`latchkey whoami` shows how long the profile allows; leave out --session-duration where AWS takes none',
  not_found:
    'check the URL of the API; it has the stage at its end; for operators: is it OperatorApiUrl, not ApiUrl?',
  oauth_invalid_client:
    'check --client-id and the secret; --client-auth basic sends it the other way, and a secret makes it a machine',
  oauth_invalid_grant: 'the login has ended or was used up elsewhere; run latchkey login again',
  oauth_invalid_scope: 'check --scope',
  oauth_invalid_target: 'check --resource: the issuer does not know it',
  oauth_access_denied: 'run latchkey login again, and approve it',
  oauth_expired_token: 'the code was not used in time; run latchkey login again',
  oauth_unauthorized_client: 'the client may not sign in this way; ask who runs the issuer',
  sign_in_refused: 'run it again: AWS takes no credentials that have ended or were revoked',
  profile_elsewhere:
    '`latchkey whoami` shows the route that vends the profile; --iam-user asks the one of IAM users',
};

/** An error as lines for people: what, every fault, which request, and what helps. */
export function renderFailure(error: unknown): string {
  const lines = linesOf(asFailure(error));
  return lines.map((line) => `${printable(line)}\n`).join('');
}

function linesOf(error: unknown): readonly string[] {
  if (error instanceof RefusedError) return problemLines(error.problem);
  if (error instanceof UsageError || error instanceof UnreachableError) return failureLines(error);
  // A fault of ours: the stack is what its report needs.
  const { stack } = error instanceof Error ? error : new Error(String(error));
  return ['latchkey: a fault of this program', ...(stack ?? '').split('\n')];
}

function failureLines({ message, code }: UsageError | UnreachableError): readonly string[] {
  if (code === undefined) return [`latchkey: ${message}`];
  const cure = CURES[code];
  return [`latchkey: ${message} (${code})`, ...(cure === undefined ? [] : [`  cure: ${cure}`])];
}

function problemLines(problem: Problem): readonly string[] {
  const { status, code, faults, vendId, requestId, retryAfterSeconds } = problem;
  const cure = cureOf(problem);
  return [
    `latchkey: ${headline(problem)} (${code ?? `HTTP ${status}`})`,
    ...faults.map((fault) => `  ${fault.pointer || 'the body'}: ${fault.detail}`),
    ...(cure === undefined ? [] : [`  cure: ${cure}`]),
    ...(retryAfterSeconds === undefined ? [] : [`  try again in ${retryAfterSeconds} s`]),
    ...(vendId === undefined ? [] : [`  vend id: ${vendId}`]),
    ...(vendId !== undefined || requestId === undefined ? [] : [`  request id: ${requestId}`]),
  ];
}

/** The API's own sentence; where that only strings together the faults that stand below, what they are faults of. */
function headline({ detail, faults }: Problem): string {
  const [first] = faults;
  if (first === undefined || !detail.includes(first.detail)) return detail;
  const what = /^([\w. -]+): /.exec(detail)?.[1] ?? 'the body';
  return `${what}: ${faults.length === 1 ? '1 member is' : `${faults.length} members are`} wrong`;
}

function cureOf({ status, code }: Problem): string | undefined {
  if (code === undefined) return status === 403 ? FORBIDDEN : undefined;
  return CURES[code];
}

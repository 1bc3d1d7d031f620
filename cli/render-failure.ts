import { asFailure, type Problem, RefusedError, UnreachableError, UsageError } from './failure.ts';
import { printable } from './terminal.ts';

/** Also for answers of what stands in front of Latchkey, which have no code. */
const FORBIDDEN =
  "the AWS identity that signs needs execute-api:Invoke on the operators' API; check AWS_PROFILE and --region";

const SIGN_IN = 'run latchkey login again, or give a token that is good: --token-file, LATCHKEY_TOKEN_FILE';

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
  signature_missing: 'check that --endpoint or LATCHKEY_ENDPOINT has the stage of the API at its end',
  signature_invalid: 'check AWS_PROFILE and --region',
  signature_expired: 'sign in to AWS again',
  not_authorized: FORBIDDEN,
  role_not_assumable: '`latchkey tenant role-template` prints the role as it must be',
  token_missing: SIGN_IN,
  token_malformed: SIGN_IN,
  token_invalid:
    'was the token made for this API? `latchkey login --resource …` names what it is for; else ask its operator',
  token_expired: SIGN_IN,
  issuer_unknown: "sign in with the issuer that the API's operator names: `latchkey login --issuer …`",
  tenant_unknown: "ask the API's operator: nobody has bound a tenant to who you are at your issuer",
  insufficient_scope:
    '`latchkey whoami` shows which scopes are missing; `latchkey login --scope …` asks for them',
  profile_not_granted: '`latchkey whoami` shows the profiles that there are for you',
  scope_invalid: '`latchkey whoami` shows what --scope of the profile takes',
  duration_out_of_range: '`latchkey whoami` shows how long the profile allows',
  not_found: 'check the URL of the API; it has the stage at its end',
  oauth_invalid_client:
    'check --client-id and the secret; --client-auth basic sends it the other way, and a secret makes it a machine',
  oauth_invalid_grant: 'the login has ended or was used up elsewhere; run latchkey login again',
  oauth_invalid_scope: 'check --scope',
  oauth_invalid_target: 'check --resource: the issuer does not know it',
  oauth_access_denied: 'run latchkey login again, and approve it',
  oauth_expired_token: 'the code was not used in time; run latchkey login again',
  oauth_unauthorized_client: 'the client may not sign in this way; ask who runs the issuer',
  signin_refused:
    'leave out --session-duration; else run it again: AWS takes no credentials that have ended or were revoked',
};

/** An error as lines for people: what, every fault, which request, and what helps. */
export function renderFailure(error: unknown): string {
  const lines = linesOf(asFailure(error));
  return lines.map((line) => `${printable(line)}\n`).join('');
}

function linesOf(error: unknown): readonly string[] {
  if (error instanceof RefusedError) return problemLines(error.problem);
  if (error instanceof UsageError || error instanceof UnreachableError) return [`latchkey: ${error.message}`];
  // A fault of ours: the stack is what its report needs.
  const { stack } = error instanceof Error ? error : new Error(String(error));
  return ['latchkey: a fault of this program', ...(stack ?? '').split('\n')];
}

function problemLines(problem: Problem): readonly string[] {
  const { status, code, detail, faults, requestId, retryAfterSeconds } = problem;
  const cure = code === undefined ? (status === 403 ? FORBIDDEN : undefined) : CURES[code];
  return [
    `latchkey: ${detail} (${code ?? `HTTP ${status}`})`,
    ...faults.map((fault) => `  ${fault.pointer || 'the body'}: ${fault.detail}`),
    ...(cure === undefined ? [] : [`  cure: ${cure}`]),
    ...(retryAfterSeconds === undefined ? [] : [`  try again in ${retryAfterSeconds} s`]),
    ...(requestId === undefined ? [] : [`  request id: ${requestId}`]),
  ];
}

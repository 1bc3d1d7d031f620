import type { ContextFacts } from '../../policy/context.ts';
import type { JudgedRequest, JudgedSession } from '../core/preview/preview-judge.ts';
import { sessionKeys } from '../core/preview/session-keys.ts';

/** Keys that no request of a role's or federated user's session has (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html). */
const ABSENT = ['aws:username', 'aws:PrincipalServiceName', 'aws:PrincipalServiceNamesList'];

/** There for whoever came with a token or an assertion, and for nobody else; by which name AWS knows its provider is not known here. */
const FEDERATED_PROVIDER = 'aws:FederatedProvider';

/**
 * What is known of a request's condition keys: what the session says, what the request itself says, and of the rest what
 * holds of an ordinary call (now, over TLS, not through another service). Nothing else: a policy that asks for more is not
 * decided.
 */
export function requestFacts(
  session: JudgedSession,
  { context, absentKeys = [] }: JudgedRequest,
): ContextFacts {
  const stated = new Set([...Object.keys(context), ...absentKeys].map((key) => key.toLowerCase()));
  const ordinary = Object.entries(ordinaryFacts(session.now)).filter(
    ([key]) => !stated.has(key.toLowerCase()),
  );
  const fixed = sessionKeys(session);
  const isFederated = session.method === 'webIdentity' || session.method === 'saml';
  const absent = isFederated ? ABSENT : [...ABSENT, FEDERATED_PROVIDER];
  return {
    values: { ...Object.fromEntries(ordinary), ...context, ...fixed },
    absent: [...absent.filter((key) => !stated.has(key.toLowerCase())), ...absentKeys],
  };
}

function ordinaryFacts(now: Date): ContextFacts['values'] {
  return {
    'aws:CurrentTime': now.toISOString(),
    'aws:EpochTime': String(Math.floor(now.getTime() / 1000)),
    'aws:TokenIssueTime': now.toISOString(),
    'aws:SecureTransport': 'true',
    'aws:ViaAWSService': 'false',
    'aws:CalledVia': undefined,
    'aws:CalledViaFirst': undefined,
    'aws:CalledViaLast': undefined,
  };
}

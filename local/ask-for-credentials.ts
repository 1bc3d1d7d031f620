import type { VendAnswer } from '../functions/api/answers.ts';
import type { VendingFunction } from '../functions/core/grant/method.ts';
import { ROUTES } from '../functions/core/routes.ts';
import type { LocalFacts } from './local-facts.ts';

/** What is posted, and where. */
export interface Question {
  /** Default: that of the hot path. */
  readonly function?: VendingFunction;
  /** Left out where the body says who asks. */
  readonly token?: string;
  readonly body: object;
}

/** Vends, and says so in a line; throws an error with the name of Latchkey's code for a refusal. */
export async function askForCredentials({ api }: LocalFacts, question: Question): Promise<VendAnswer> {
  const path = ROUTES[question.function ?? 'vend'];
  const headers = { 'Content-Type': 'application/json' };
  const response = await fetch(`${api}${path}`, {
    method: 'POST',
    headers:
      question.token === undefined ? headers : { ...headers, Authorization: `Bearer ${question.token}` },
    body: JSON.stringify(question.body),
  });
  if (response.status !== 200) throw await refusalIn(response, path);
  const answer = (await response.json()) as VendAnswer;
  const { profile, assumedRoleUser, federatedUser, user, credentials } = answer;
  const { arn } = assumedRoleUser ?? federatedUser ?? user ?? { arn: 'nobody' };
  console.log(`POST ${path}, profile ${profile}: ${arn} until ${credentials.expiration}`);
  return answer;
}

/** What Latchkey refuses with, as an error with the name of the code. */
export async function refusalIn(response: Response, path: string): Promise<Error> {
  const text = await response.text();
  const error = new Error(`got ${response.status} from ${path}: ${text}`);
  error.name = (JSON.parse(text) as { code: string }).code;
  return error;
}

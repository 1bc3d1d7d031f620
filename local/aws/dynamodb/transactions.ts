import { AwsError } from '../aws-error.ts';
import { describeRefusal } from '../door.ts';
import type { Dynalite } from './dynalite.ts';
import { validationError } from './errors.ts';
import type { ReadTableKeys } from './key-schema.ts';
import { type JsonObject, ownMember, stringMember } from './request-body.ts';
import { type CancellationReason, runTransaction } from './transaction.ts';
import { readTransactionParts } from './transaction-part.ts';

/** What transactions are made with. */
export interface TransactionsOptions {
  readonly dynalite: Dynalite;
  readonly clock: () => Date;
  readonly log: (message: string) => void;
}

/** What is answered to a transaction that was understood. */
export interface TransactionAnswer {
  readonly status: number;
  readonly answer: object;
}

/** How long a ClientRequestToken is known. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html */
const TOKEN_MILLISECONDS = 10 * 60 * 1000;
const TOKEN_MAX_LENGTH = 36;

/**
 * TransactWriteItems, which dynalite does not have; whoever calls it sees to it that nothing else is under way. What was done once is not
 * done again for the same ClientRequestToken; what was cancelled is tried anew.
 */
export function createTransactions({
  dynalite,
  clock,
  log,
}: TransactionsOptions): (body: JsonObject, readTableKeys: ReadTableKeys) => Promise<TransactionAnswer> {
  const done = new Map<string, { readonly items: string; readonly at: number }>();

  function isDone(token: string, items: string): boolean {
    const now = clock().getTime();
    for (const [old, { at }] of done) if (now - at > TOKEN_MILLISECONDS) done.delete(old);
    const known = done.get(token);
    if (known === undefined || known.items === items) return known !== undefined;
    throw new AwsError(
      'IdempotentParameterMismatchException',
      400,
      'ClientRequestToken has been used with other parameters',
    );
  }

  return async (body, readTableKeys) => {
    const token = readToken(body);
    const items = JSON.stringify(ownMember(body, 'TransactItems'));
    if (token !== undefined && isDone(token, items)) return { status: 200, answer: {} };
    const reasons = await runTransaction({ dynalite, readTableKeys }, readTransactionParts(body));
    if (reasons !== undefined) return cancelled(reasons);
    if (token !== undefined) done.set(token, { items, at: clock().getTime() });
    return { status: 200, answer: {} };
  };

  function cancelled(reasons: readonly CancellationReason[]): TransactionAnswer {
    const code = 'TransactionCanceledException';
    const codes = reasons.map(({ Code }) => Code).join(', ');
    const Message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
    log(describeRefusal('DynamoDB TransactWriteItems', new AwsError(code, 400, Message)));
    const answer = {
      __type: `com.amazonaws.dynamodb.v20120810#${code}`,
      Message,
      CancellationReasons: reasons,
    };
    return { status: 400, answer };
  }
}

function readToken(body: JsonObject): string | undefined {
  const token = stringMember(body, 'ClientRequestToken');
  if (token === undefined || (token.length >= 1 && token.length <= TOKEN_MAX_LENGTH)) return token;
  throw validationError(`ClientRequestToken must be 1 to ${TOKEN_MAX_LENGTH} characters long`);
}

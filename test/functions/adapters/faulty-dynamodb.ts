import type { IncomingMessage } from 'node:http';
import type { AwsAccess } from '../../../functions/adapters/aws-client-config.ts';
import type { Door } from '../../../local/aws/door.ts';
import { startDynalite } from '../../../local/aws/dynamodb/dynalite.ts';
import { createDynamoDbDoor } from '../../../local/aws/dynamodb.ts';
import type { Session } from '../../../local/aws/session.ts';
import { serveDoor } from '../../local/serve-door.ts';
import { ACCOUNT, createSession, REGION } from '../../local/tenant-session.ts';

/** What befalls a request on its way there, or its answer on the way back. */
export type Fault = 'reset before' | 'reset after' | '500 before' | '500 after';

/** What befalls the next request, or is answered in DynamoDB's place; `count` is that of all requests so far, this one included. What it waits for happens before the request. */
export type FaultOf = (operation: string, count: number) => Fault | Response | undefined | Promise<undefined>;

/** The local DynamoDB, without tables, whose requests can fail. */
export async function startFaultyDynamoDb() {
  const sessions = new Map<string, Session>();
  const dynalite = await startDynalite();
  /** Every request, `GetItem`, as it came. */
  const requests: string[] = [];
  let faultOf: FaultOf = () => undefined;
  const door = createDynamoDbDoor({
    account: ACCOUNT,
    region: REGION,
    dynalite,
    sessions,
    clock: () => new Date(),
    log: () => {},
  });
  const faulty: Door = async (request, bindings) => {
    const operation = String(request.headers.get('x-amz-target')).split('.').at(-1) ?? '';
    const fault = await faultOf(operation, requests.push(operation));
    if (fault instanceof Response) return fault;
    const answer = fault?.endsWith('before') ? undefined : await door(request, bindings);
    if (answer !== undefined && fault === undefined) return answer;
    if (fault?.startsWith('reset')) (bindings.incoming as IncomingMessage).socket.destroy();
    return new Response('{}', { status: 500 });
  };
  const { endpoint, close } = await serveDoor(faulty);
  return {
    requests,
    /** Access of somebody who may do what the statements allow. */
    access(tenantId: string, statements: readonly object[]): AwsAccess & { readonly endpoint: string } {
      const Statement = statements.map((statement) => ({ Effect: 'Allow', ...statement }));
      const session = createSession({ tenantId, rolePolicy: { Version: '2012-10-17', Statement } });
      sessions.set(session.credentials.accessKeyId, session);
      return { region: REGION, endpoint, credentials: session.credentials };
    },
    /** From now on. */
    fail(next: FaultOf) {
      faultOf = next;
    },
    async close() {
      await close();
      await dynalite.close();
    },
  };
}

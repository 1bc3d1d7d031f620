import type { Grant } from '../grant/grant.ts';
import { listed, type PolicyDocument, type PolicyStatement } from '../profile/policy-document.ts';
import type { Resources } from '../profile/resources.ts';
import { bucketIn, type DataProbeDependencies, tableIn } from './data-probes.ts';
import { AGAIN, CLOSED, type Judgement } from './judge-probe.ts';
import type { ProbeAnswer, ProbeCredentials } from './probe-ports.ts';

/** The session of a canary vend, and the grant that it was made by. */
export interface CanarySession {
  readonly grant: Grant;
  readonly credentials: ProbeCredentials;
  /** By AWS's own clock, which a revocation goes by. */
  readonly issuedAt: Date;
}

/**
 * What it says of foreign data when a session is refused it: that it is closed if the session is let have some of its own
 * tenant's data, and nothing if whatever refuses the one refuses everything. That may be a revocation, of which
 * `revokedBefore` tells, or a policy of the organisation, and both can be gone tomorrow.
 */
export async function judgeDataRefusals(
  session: CanarySession,
  revokedBefore: string | undefined,
  dependencies: DataProbeDependencies,
): Promise<Judgement> {
  if (revokedBefore !== undefined && Date.parse(revokedBefore) >= session.issuedAt.getTime()) {
    const detail = `sessions of the tenant that were issued until ${revokedBefore} are cut off, so that a refusal says nothing of this probe`;
    return { outcome: 'undecided', detail, cure: `${AGAIN} after ${revokedBefore}` };
  }
  const answers = await askForOwnData(session, dependencies);
  if (answers.some(({ kind }) => kind === 'let_through')) return CLOSED;
  for (const answer of answers) {
    if (answer.kind !== 'unknown') continue;
    const detail = `AWS refused it, but gave no decision on the tenant's own data: ${answer.reason}`;
    return { outcome: 'undecided', detail, cure: AGAIN };
  }
  if (mustOpenOwnData(session.grant, dependencies.resources)) {
    const detail = "AWS refused it, as it did the tenant's own data, which the profile opens";
    return { outcome: 'undecided', detail, cure: `see what denies it, then ${AGAIN}` };
  }
  const detail = "the session opens nothing of its own tenant's here either, so a refusal proves nothing";
  return { outcome: 'not_applicable', detail };
}

/** Nothing that need be there: AWS answers a list or a read that is allowed, if with nothing. */
function askForOwnData(
  { grant, credentials }: CanarySession,
  { resources, objects, items }: DataProbeDependencies,
): Promise<readonly ProbeAnswer[]> {
  const bucket = bucketIn(resources);
  const table = grant.roleArn === undefined ? undefined : tableIn(resources, grant.roleArn);
  return Promise.all([
    ...(bucket === undefined ? [] : [objects.listObjects(credentials, bucket, `${grant.tenantId}/`)]),
    ...(table === undefined ? [] : [items.getItem(credentials, table, grant.tenantId)]),
  ]);
}

/**
 * Whether the policy of the grant opens, word for word and on no other condition, what was asked for, on a role that is made to open
 * it. What it opens in other words does not count here: the answer is then that a refusal proves nothing.
 */
function mustOpenOwnData({ tenantId, roleArn, policy }: Grant, resources: Resources): boolean {
  const { tenantRoleArn, federatedRoleArn } = resources;
  if (roleArn === undefined || (roleArn !== tenantRoleArn && roleArn !== federatedRoleArn)) return false;
  const { Statement } = JSON.parse(policy) as PolicyDocument;
  const opens = (action: string, resource: string | undefined, key: string, value: string) =>
    Statement.some(
      (statement) =>
        statement.Effect === 'Allow' &&
        listed(statement.Action).includes(action) &&
        listed(statement.Resource).some((one) => one === resource) &&
        onlyAsksFor(statement, key, value),
    );
  return (
    opens('s3:ListBucket', resources['tenantBucketArn'], 's3:prefix', `${tenantId}/*`) ||
    opens('dynamodb:GetItem', resources['tenantTableArn'], 'dynamodb:LeadingKeys', tenantId)
  );
}

/** Whether the conditions are about this key alone, and one of them takes the value. */
function onlyAsksFor({ Condition = {} }: PolicyStatement, key: string, value: string): boolean {
  const conditions = Object.values(Condition).flatMap((keys) => Object.entries(keys));
  return (
    conditions.every(([name]) => name === key) &&
    conditions.some(([, values]) => listed(values).includes(value))
  );
}

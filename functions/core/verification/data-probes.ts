import { accountOf } from '../arn.ts';
import { sessionName } from '../grant/session-name.ts';
import { TENANT_TAG_KEY } from '../grant/session-tags.ts';
import type { Resources } from '../profile/resources.ts';
import { PROBE_TENANT_ID } from '../tenant-id.ts';
import { answerOfFailure } from './judge-probe.ts';
import type {
  Assumption,
  ProbeAnswer,
  ProbeAssumer,
  ProbeCredentials,
  ProbeItems,
  ProbeObjects,
} from './probe-ports.ts';
import type { ProbePlan } from './role-probes.ts';

/** What foreign data is tried with. */
export interface DataProbeDependencies {
  readonly resources: Resources;
  readonly assumer: ProbeAssumer;
  readonly objects: ProbeObjects;
  readonly items: ProbeItems;
}

/** Tries something with the credentials of a tenant's session. */
export type DataAttempt = (credentials: ProbeCredentials) => Promise<ProbeAnswer>;

const PREFIX = `${PROBE_TENANT_ID}/`;
const KEY = `${PREFIX}probe.txt`;

const CURE = `bound the role's own policy to \${aws:PrincipalTag/${TENANT_TAG_KEY}}, and see what the profile opens`;

/**
 * What a session of a tenant must not reach: data of the tenant that verifications stand in for, in the deployment's
 * bucket and table. `roleArn` is the role of the session.
 */
export function planDataProbes(
  roleArn: string,
  dependencies: DataProbeDependencies,
  isObjectThere: () => Promise<ProbeAnswer>,
): readonly ProbePlan<DataAttempt>[] {
  return [...planObjectProbes(dependencies, isObjectThere), planItemRead(roleArn, dependencies)];
}

/** The bucket of tenants' objects, by name. */
export function bucketIn(resources: Resources): string | undefined {
  return resources['tenantBucketArn']?.split(':::')[1];
}

/** The table of tenants' items, by name; undefined as well where a session of the role cannot look for it. */
export function tableIn(resources: Resources, roleArn: string): string | undefined {
  const arn = resources['tenantTableArn'];
  // By its name, a table is looked for in the account of the session.
  return arn !== undefined && accountOf(arn) === accountOf(roleArn) ? arn.split(':table/')[1] : undefined;
}

function planObjectProbes(
  { resources, objects }: DataProbeDependencies,
  isObjectThere: () => Promise<ProbeAnswer>,
): readonly ProbePlan<DataAttempt>[] {
  const bucket = bucketIn(resources);
  if (bucket === undefined) {
    const notApplicable = 'the deployment has no tenantBucketArn';
    return (['foreign_object_read', 'foreign_object_list'] as const).map((probe) => ({
      probe,
      notApplicable,
    }));
  }
  const read: DataAttempt = async (credentials) => {
    // S3 refuses the read of an object that is not there as well: without one, a refusal would say nothing.
    const there = await isObjectThere();
    if (there.kind === 'let_through') return objects.getObject(credentials, bucket, KEY);
    if (there.kind !== 'refused') return there;
    const reason = `AWS does not let an object be put at ${KEY} in bucket ${bucket}, to be read`;
    return { kind: 'not_applicable', reason };
  };
  const list: DataAttempt = (credentials) => objects.listObjects(credentials, bucket, PREFIX);
  const at = (what: string) => `to data of another tenant: ${what} in bucket ${bucket}`;
  return [
    { probe: 'foreign_object_read', attempts: [{ what: at(KEY), request: read }], cure: CURE },
    {
      probe: 'foreign_object_list',
      attempts: [{ what: at(`a list of ${PREFIX}`), request: list }],
      cure: CURE,
    },
  ];
}

function planItemRead(roleArn: string, { resources, items }: DataProbeDependencies): ProbePlan<DataAttempt> {
  const probe = 'foreign_item_read';
  if (resources['tenantTableArn'] === undefined)
    return { probe, notApplicable: 'the deployment has no tenantTableArn' };
  const table = tableIn(resources, roleArn);
  if (table === undefined) {
    const notApplicable =
      "the role is of another account, whose sessions reach the deployment's table only where a policy of the table lets them";
    return { probe, notApplicable };
  }
  const what = `to data of another tenant: item ${PROBE_TENANT_ID} in table ${table}`;
  const request: DataAttempt = (credentials) => items.getItem(credentials, table, PROBE_TENANT_ID);
  return { probe, attempts: [{ what, request }], cure: CURE };
}

/** Puts the object that no other tenant may read, with a session that can do that alone. */
export async function putProbeObject({
  resources,
  assumer,
  objects,
}: DataProbeDependencies): Promise<ProbeAnswer> {
  const { tenantRoleArn: roleArn, tenantBucketArn = '' } = resources;
  if (roleArn === undefined)
    return { kind: 'not_applicable', reason: 'the deployment has no tenantRoleArn to put an object with' };
  const assumption: Assumption = {
    roleArn,
    roleSessionName: sessionName(PROBE_TENANT_ID, 'verification'),
    tags: [{ key: TENANT_TAG_KEY, value: PROBE_TENANT_ID }],
    transitiveTagKeys: [],
    sourceIdentity: undefined,
    externalId: undefined,
  };
  let credentials: ProbeCredentials;
  try {
    credentials = await assumer.assume(assumption, {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 's3:PutObject', Resource: `${tenantBucketArn}/${KEY}` }],
    });
  } catch (error) {
    return answerOfFailure(error);
  }
  return objects.putObject(credentials, bucketIn(resources) ?? '', KEY);
}

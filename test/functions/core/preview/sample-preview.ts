import { createPreview, type Preview } from '../../../../functions/core/preview/preview.ts';
import {
  type PreviewRequestInput,
  parsePreviewRequest,
} from '../../../../functions/core/preview/preview-request.ts';
import { createProfileBook } from '../../../../functions/core/profile/profile-book.ts';
import type { ProfileDefinition } from '../../../../functions/core/profile/profile-definition.ts';
import { parseTenantRecord } from '../../../../functions/core/tenant/tenant-record.ts';
import { openPolicyJudge } from '../../../../functions/tenants/preview-judge.ts';
import { clock, RESOURCES, sampleDefinition, sampleTenantRecord } from '../sample.ts';

const TENANT = `\${aws:PrincipalTag/TenantId}`;

/** What the sample role permits: the tenant's objects and their list, and its items. */
export const ROLE_POLICY = {
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'RoleObjects',
      Effect: 'Allow',
      Action: ['s3:GetObject', 's3:PutObject'],
      Resource: `${RESOURCES.tenantBucketArn}/${TENANT}/*`,
    },
    {
      Sid: 'RoleList',
      Effect: 'Allow',
      Action: 's3:ListBucket',
      Resource: RESOURCES.tenantBucketArn,
      Condition: { StringLike: { 's3:prefix': `${TENANT}/*` } },
    },
    {
      Sid: 'RoleItems',
      Effect: 'Allow',
      Action: 'dynamodb:GetItem',
      Resource: RESOURCES.tenantTableArn,
      Condition: {
        'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [TENANT] },
        Null: { 'dynamodb:LeadingKeys': 'false' },
      },
    },
  ],
};

/** What a test changes: the tenant's definition and record, the profiles that are deployed, what is known of the role. */
export interface PreviewWorld {
  readonly tenant?: Parameters<typeof sampleTenantRecord>[0];
  readonly record?: Record<string, unknown>;
  readonly deployed?: readonly ProfileDefinition[];
  readonly rolePolicy?: object | undefined;
}

/** The preview of a request for acme. */
export function previewOf(request: PreviewRequestInput, world: PreviewWorld = {}): Preview {
  const { tenant, record, deployed = [sampleDefinition()] } = world;
  const preview = createPreview({
    profiles: createProfileBook(deployed, RESOURCES),
    profileDefinitions: deployed,
    resources: RESOURCES,
    tenantRolePolicy: 'rolePolicy' in world ? world.rolePolicy : ROLE_POLICY,
    openJudge: openPolicyJudge,
    clock,
  });
  return preview(parseTenantRecord(sampleTenantRecord(tenant, record)), parsePreviewRequest(request));
}

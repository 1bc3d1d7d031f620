import { Aws, CfnOutput, Stack, Tags, Validations } from 'aws-cdk-lib';
import { type IRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { Alarms } from '../constructs/alarms.ts';
import type { VendingFunctionProps } from '../constructs/api-function.ts';
import { DecodeFunction } from '../constructs/decode-function.ts';
import { IamUserFunction } from '../constructs/iam-user-function.ts';
import { SamlFunction } from '../constructs/saml-function.ts';
import { TenantAdministration } from '../constructs/tenant-administration.ts';
import { grantTenantData, SampleTenantData } from '../constructs/tenant-data.ts';
import { TenantPrincipals } from '../constructs/tenant-principals.ts';
import { TenantRegistry } from '../constructs/tenant-registry.ts';
import { grantVend, TenantRole } from '../constructs/tenant-role.ts';
import { UsageTable } from '../constructs/usage-table.ts';
import { VendApi } from '../constructs/vend-api.ts';
import { VendFunction } from '../constructs/vend-function.ts';
import type { Environment, TenantDataArns } from '../environment.ts';
import { identityProvidersOf } from '../identity-provider.ts';
import type { ProvidedResources } from '../provided-resources.ts';

/** Which environment the stack is for. */
export interface LatchkeyStackProps {
  readonly environment: Environment;
}

/** Those of the tenants' API; each leaves audit events in its log. */
interface TenantsFunctions {
  readonly vend: VendFunction;
  readonly decode: DecodeFunction;
  readonly saml?: SamlFunction;
  readonly iamUser?: IamUserFunction;
}

/** Latchkey in one account and Region: the tenants' API, the registry and its administration, and the roles that sessions are made from. */
export class LatchkeyStack extends Stack {
  constructor(scope: Construct, id: string, { environment }: LatchkeyStackProps) {
    const { account, region, retainData } = environment;
    super(scope, id, {
      description: `Latchkey (${environment.name}): credential vending for tenants`,
      env: account === undefined ? { region } : { account, region },
      terminationProtection: retainData,
    });
    Tags.of(this).add('latchkey:environment', environment.name);

    const registry = new TenantRegistry(this, 'TenantRegistry', environment);
    const usage = new UsageTable(this, 'Usage');
    const vendRole = new Role(this, 'VendRole', {
      description: 'Latchkey: execution role of the functions that vend',
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    const tenantRole = new TenantRole(this, 'TenantRole', {
      vendRole,
      description: 'Latchkey: sessions of one tenant each, told apart by the tag TenantId',
    });
    const tenantData = this.provideTenantData(environment);
    grantTenantData(tenantRole, tenantData);
    grantCustomerRoles(vendRole, environment.customerRoleArns ?? []);
    const principals = new TenantPrincipals(this, 'Principals', { ...environment, tenantRole, tenantData });
    const resources: ProvidedResources = {
      ...principals.resources(),
      tenantBucketArn: tenantData.bucketArn,
      tenantTableArn: tenantData.tableArn,
    };

    const functions = this.makeFunctions(environment, principals, vendRole, {
      ...environment,
      registry,
      usage,
      resources,
    });
    const vendApi = new VendApi(this, 'VendApi', {
      ...environment,
      vendFunction: functions.vend.function,
      decodeFunction: functions.decode.function,
      samlFunction: functions.saml?.function,
      iamUserFunction: functions.iamUser?.function,
      isIssuer: principals.selfIssuer !== undefined,
    });
    const administration = new TenantAdministration(this, 'Administration', {
      ...environment,
      registry,
      resources,
      vendRole,
      principals,
    });
    // The account's role to log with, which the vend API brings, must be there before a stage that logs.
    administration.operatorApi.restApi.deploymentStage.node.addDependency(vendApi.restApi);
    new Alarms(this, 'Alarms', {
      ...environment,
      deadLetterQueues: [administration.events.deadLetters, administration.events.undelivered],
      auditLogs: [...Object.values(functions), ...administration.doors].map(({ logGroup }) => logGroup),
      revokeFunction: administration.revoke.function,
    });

    this.output('RegistryTableName', registry.table.tableName, 'the table of issuers and tenants');
    this.output('TenantRoleArn', resources.tenantRoleArn, "the role that tenants' sessions are made from");
    this.output('VendRoleArn', vendRole.roleArn, "what roles in customers' accounts must trust");
    this.outputApi(vendApi);
    this.outputPrincipals(principals);
    this.outputAdministration(administration);
  }

  private makeFunctions(
    environment: Environment,
    principals: TenantPrincipals,
    role: IRole,
    parts: VendingFunctionProps,
  ): TenantsFunctions {
    const { selfIssuer, iamUsers } = principals;
    const takesAssertions = identityProvidersOf(environment).some(({ kind }) => kind === 'saml');
    return {
      vend: new VendFunction(this, 'Vend', { ...parts, role, selfIssuer }),
      decode: new DecodeFunction(this, 'Decode', { ...parts, principals }),
      ...(takesAssertions ? { saml: new SamlFunction(this, 'Saml', parts) } : {}),
      ...(iamUsers === undefined
        ? {}
        : { iamUser: new IamUserFunction(this, 'IamUser', { ...parts, iamUsers }) }),
    };
  }

  private outputApi({ url, domain }: VendApi): void {
    this.output('ApiUrl', url, 'where tenants send their requests');
    if (domain !== undefined)
      this.output('ApiDomainTarget', domain.target, 'what the name of the API must lead to');
  }

  private outputPrincipals({ federatedRole, selfIssuer, iamUsers }: TenantPrincipals): void {
    if (federatedRole !== undefined)
      this.output('FederatedRoleArn', federatedRole.role.roleArn, 'the role that assertions must name');
    if (selfIssuer !== undefined)
      this.output(
        'IssuerUrl',
        selfIssuer.url,
        'Latchkey as an OpenID issuer; its documents must be reachable',
      );
    if (iamUsers !== undefined) {
      const arns = iamUsers.users.map(({ user }) => user.userArn).join(', ');
      this.output('IamUserArns', arns, "IAM users; enroll an MFA device for each tenant's");
    }
  }

  private outputAdministration({ operatorApi, eventBus, events, provider }: TenantAdministration): void {
    this.output('OperatorApiUrl', operatorApi.restApi.url, 'where operators send their requests, signed');
    this.output('EventBusName', eventBus.eventBusName, 'where events about tenants go, and come from');
    this.output('DeadLetterQueueArn', events.deadLetters.queueArn, 'events that failed; to be moved back');
    this.output('TenantProviderArn', provider.serviceToken, 'the service token of tenants in other stacks');
  }

  private provideTenantData({ tenantData, ...keeping }: Environment): TenantDataArns {
    return tenantData === 'sample' ? new SampleTenantData(this, 'SampleTenantData', keeping) : tenantData;
  }

  private output(id: string, value: string, description: string): void {
    new CfnOutput(this, id, { value, description });
  }
}

/** Lets the vend function assume roles of other accounts, whose trust policies and external ids decide the rest. */
function grantCustomerRoles(vendRole: IRole, roleArns: readonly string[]): void {
  if (roleArns.length === 0) return;
  // Not here: in its own account a role that trusts the account would be open to whatever the pattern matches.
  grantVend(vendRole, [...roleArns], { StringNotEquals: { 'aws:ResourceAccount': Aws.ACCOUNT_ID } });
  Validations.of(vendRole).acknowledge(
    ...roleArns.map((arn) => ({
      id: `AwsSolutions::AwsSolutions-IAM5[Resource::${arn}]`,
      reason:
        'customers name their roles after a pattern; each trusts this function and demands its external id',
    })),
  );
}

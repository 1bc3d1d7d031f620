import { Duration } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { OnboardingVariables } from '../../functions/onboarding/environment.ts';
import type { Environment } from '../environment.ts';
import type { ProvidedResources } from '../provided-resources.ts';
import { type AdministrationProps, AdministrativeFunction } from './administrative-function.ts';
import { OnboardingEvents } from './onboarding-events.ts';
import { OperatorApi } from './operator-api.ts';
import { RevokeFunction } from './revoke-function.ts';
import { TemplateBucket } from './template-bucket.ts';
import type { TenantPrincipals } from './tenant-principals.ts';
import { TenantProvider } from './tenant-provider.ts';
import type { TenantRegistry } from './tenant-registry.ts';
import { VerifyFunction } from './verify-function.ts';

/** What is administered, and how. */
export interface TenantAdministrationProps extends Pick<Environment, 'logRetentionDays' | 'sbt'> {
  readonly registry: TenantRegistry;
  readonly resources: ProvidedResources;
  readonly vendRole: IRole;
  readonly principals: TenantPrincipals;
}

/**
 * How long a batch of events may take, and a tenant of a stack. The tenants of a batch are worked off side by side, and
 * each waits for a verification or a revocation for 26 seconds at most.
 */
const BATCH_TIMEOUT = Duration.minutes(1);

/**
 * Everything by which tenants come and go: three doors (the operators' API, events, CloudFormation) to functions that
 * write the registry, and the two functions that they ask for what takes a role. docs/decisions/0010-one-administration.md
 */
export class TenantAdministration extends Construct {
  readonly eventBus: EventBus;
  readonly operatorApi: OperatorApi;
  readonly events: OnboardingEvents;
  readonly provider: TenantProvider;
  readonly revoke: RevokeFunction;
  /** Each leaves audit events in its log. */
  readonly doors: readonly AdministrativeFunction[];

  constructor(scope: Construct, id: string, props: TenantAdministrationProps) {
    super(scope, id);
    const { principals, sbt, ...shared } = props;
    const { registry, resources, vendRole, logRetentionDays } = shared;
    this.eventBus = new EventBus(this, 'Bus', {
      description: 'Latchkey: what is said of tenants, by the control plane and by Latchkey',
    });
    this.revoke = new RevokeFunction(this, 'Revoke', { registry, principals, logRetentionDays });
    const administration: AdministrationProps = {
      ...shared,
      tenantRole: principals.tenantRole,
      revoke: this.revoke,
      verify: new VerifyFunction(this, 'Verify', {
        role: vendRole,
        registry,
        resources,
        selfIssuer: principals.selfIssuer,
        logRetentionDays,
      }),
      eventBus: this.eventBus,
    };

    const tenants = this.tenantsFunction(administration);
    const onboarding = this.onboardingFunction(administration, sbt);
    const tenantResource = this.tenantResourceFunction(administration);
    this.doors = [tenants, onboarding, tenantResource];

    this.operatorApi = new OperatorApi(this, 'OperatorApi', {
      tenantsFunction: tenants.function,
      logRetentionDays,
    });
    this.events = new OnboardingEvents(this, 'Events', {
      eventBus: this.eventBus,
      onboarding,
      functionTimeout: BATCH_TIMEOUT,
      followSbt: sbt !== undefined,
    });
    this.provider = new TenantProvider(this, 'TenantProvider', { tenantResource, logRetentionDays });
  }

  private tenantsFunction(administration: AdministrationProps): AdministrativeFunction {
    return new AdministrativeFunction(this, 'Tenants', {
      ...administration,
      description: "Latchkey: the operators' API of tenants and issuers",
      entry: 'tenants/handler.ts',
      // API Gateway waits no longer.
      timeout: Duration.seconds(29),
      templateBucket: new TemplateBucket(this, 'Templates'),
    });
  }

  private onboardingFunction(
    administration: AdministrationProps,
    sbt: Environment['sbt'],
  ): AdministrativeFunction {
    const variables: OnboardingVariables =
      sbt === undefined ? {} : { LATCHKEY_SBT_TENANT: JSON.stringify(sbt.tenantTemplate) };
    return new AdministrativeFunction(this, 'Onboarding', {
      ...administration,
      description: "Latchkey: applies what the control plane's events say of tenants",
      entry: 'onboarding/handler.ts',
      timeout: BATCH_TIMEOUT,
      furtherVariables: { ...variables },
    });
  }

  private tenantResourceFunction(administration: AdministrationProps): AdministrativeFunction {
    return new AdministrativeFunction(this, 'TenantResource', {
      ...administration,
      description: 'Latchkey: makes, changes and offboards the tenants that stand in stacks',
      entry: 'onboarding/resource-handler.ts',
      timeout: BATCH_TIMEOUT,
    });
  }
}

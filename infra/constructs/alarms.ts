import { Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, type IFilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { AuditEvent } from '../../functions/core/audit-event.ts';
import type { ErrorCode } from '../../functions/core/errors.ts';
import type { Environment } from '../environment.ts';

/** What somebody has to hear of. */
export interface AlarmsProps extends Pick<Environment, 'alarmTopicArn'> {
  /** Queues that must be empty. */
  readonly deadLetterQueues: readonly IQueue[];
  /** Log groups that hold audit events. */
  readonly auditLogs: readonly ILogGroup[];
  readonly revokeFunction: IFunction;
}

/** Outcomes of which somebody has to hear, and how many of them there are in five minutes before anybody does. */
const CODES: readonly {
  readonly id: string;
  readonly code: ErrorCode;
  readonly threshold: number;
  readonly description: string;
}[] = [
  {
    id: 'RecordInvalid',
    code: 'record_invalid',
    threshold: 1,
    description: 'somebody has edited the registry: a record cannot be read, and its tenant is refused',
  },
  {
    id: 'InternalError',
    code: 'internal_error',
    threshold: 1,
    description: 'a fault of its own; the cause stands in the audit event',
  },
  {
    id: 'RegistryUnavailable',
    code: 'registry_unavailable',
    threshold: 5,
    description: 'the registry cannot be read; what was read within 22 seconds is served, the rest refused',
  },
  {
    id: 'ReplayCheckUnavailable',
    code: 'replay_check_unavailable',
    threshold: 5,
    description: 'the usage table cannot be written; tokens that are good once, and DPoP proofs, are refused',
  },
  {
    id: 'StsUnavailable',
    code: 'sts_unavailable',
    threshold: 5,
    description: 'STS cannot be reached in any Region of the environment; nothing is vended',
  },
  {
    id: 'IdentityRefused',
    code: 'identity_refused',
    threshold: 5,
    description:
      'IAM does not take tokens or assertions that Latchkey verified or signed: compare the providers',
  },
  {
    id: 'SigningUnavailable',
    code: 'signing_unavailable',
    threshold: 5,
    description: 'KMS signs no tokens for AWS; profiles with the method webIdentity are not vended',
  },
  {
    id: 'UserKeysUnavailable',
    code: 'user_keys_unavailable',
    threshold: 5,
    description: 'the long-term keys of IAM users cannot be read, or are no longer good',
  },
  {
    id: 'UserMismatch',
    code: 'user_mismatch',
    threshold: 1,
    description: 'the secret of an IAM user holds the keys of another; nothing is vended with them',
  },
  {
    id: 'MfaRefused',
    code: 'mfa_refused',
    threshold: 10,
    description:
      'somebody may be guessing MFA codes: ten are refused, then none of that IAM user is tried for a while',
  },
  {
    id: 'DeadlineExceeded',
    code: 'deadline_exceeded',
    threshold: 5,
    description: 'requests are not answered in time; something behind it is slow',
  },
  {
    id: 'DeploymentThrottled',
    code: 'deployment_throttled',
    threshold: 100,
    description: 'tenants together ask for more vends than vendsPerSecond of the environment allows',
  },
];

const PACKED: keyof AuditEvent = 'packedPolicySize';
/** Percent of what STS takes. */
const PACKED_NEARLY_FULL = FilterPattern.numberValue(`$.audit.${PACKED}`, '>=', 80);

/** What cannot be left until somebody looks. Without a topic the alarms show their state, and tell nobody. */
export class Alarms extends Construct {
  private readonly action: SnsAction | undefined;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const { deadLetterQueues, auditLogs, revokeFunction, alarmTopicArn } = props;
    this.action =
      alarmTopicArn === undefined
        ? undefined
        : new SnsAction(Topic.fromTopicArn(this, 'Topic', alarmTopicArn));
    for (const queue of deadLetterQueues) {
      this.raise(
        `${queue.node.id}NotEmpty`,
        queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1), statistic: 'max' }),
        'Latchkey: events about tenants have been set aside; look why, cure it, then replay them',
      );
    }
    for (const { id, code, threshold, description } of CODES)
      this.raise(id, this.countWhere('code', code, auditLogs), `Latchkey: ${description}`, threshold);
    this.raise(
      'PackedPolicySize',
      this.count('packed_policy_size', auditLogs, PACKED_NEARLY_FULL),
      'Latchkey: session policy and tags of a profile fill four fifths of what STS takes; beyond all of it, nothing is vended',
    );
    this.raise(
      'LimitsCountedAlone',
      this.countWhere('limits', 'alone', auditLogs),
      'Latchkey: the usage table cannot be asked: each function instance counts limits by itself',
      5,
    );
    // What a revocation fails with, whoever asked for it is answered; a sweep has only this.
    this.raise(
      'SweepFailing',
      revokeFunction.metricErrors({ period: FIVE_MINUTES }),
      'Latchkey: revocations that have expired are not swept; when the role is full, nobody can be cut off',
    );
  }

  /** How often a member of an audit event of these logs had this value. */
  private countWhere(member: keyof AuditEvent, value: string, auditLogs: readonly ILogGroup[]): IMetric {
    return this.count(value, auditLogs, FilterPattern.stringValue(`$.audit.${member}`, '=', value));
  }

  private count(name: string, auditLogs: readonly ILogGroup[], filterPattern: IFilterPattern): IMetric {
    const metric = { namespace: 'Latchkey', metricName: `${Stack.of(this).stackName}/${name}` };
    for (const [index, logGroup] of auditLogs.entries()) {
      new MetricFilter(this, `${name}${index}`, {
        logGroup,
        filterPattern,
        metricNamespace: metric.namespace,
        metricName: metric.metricName,
      });
    }
    return new Metric({ ...metric, statistic: 'sum', period: FIVE_MINUTES });
  }

  /** An alarm on the first of them, or on so many. */
  private raise(id: string, metric: IMetric, alarmDescription: string, threshold = 1): void {
    const alarm = new Alarm(this, id, {
      metric,
      alarmDescription,
      threshold,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      // No queue in use and no such event are what there should be.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    if (this.action !== undefined) alarm.addAlarmAction(this.action);
  }
}

const FIVE_MINUTES = Duration.minutes(5);

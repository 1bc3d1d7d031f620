import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { Duration, Stack, Validations } from 'aws-cdk-lib';
import { type EventBus, Match, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { CfnRegistry, CfnSchema } from 'aws-cdk-lib/aws-eventschemas';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ANNOUNCEMENT_SOURCE } from '../../functions/core/administration/announcement-source.ts';
import { SBT_EVENT_TYPES, TENANT_EVENT_TYPES } from '../../functions/onboarding/event-types.ts';
import type { BundledFunction } from './bundled-function.ts';

/** Who takes the events, and in how long it does. */
export interface OnboardingEventsProps {
  readonly eventBus: EventBus;
  readonly onboarding: BundledFunction;
  /** How long the function may take with a batch. */
  readonly functionTimeout: Duration;
  /** Whether the events of the SaaS Builder Toolkit's control plane are taken, too. */
  readonly followSbt: boolean;
}

/** Deliveries of a message before it is set aside. */
const DELIVERIES = 5;

/**
 * What a control plane says of tenants, on its way from the bus to the onboarding function. Whoever may put events on the
 * bus administers tenants: IAM decides, and no other account is let. They go over a queue, which keeps them while the
 * function or what it needs is down. Nothing is lost without a trace: what EventBridge cannot put into the queue is in
 * `undelivered`, what the function failed with five times in `deadLetters`, for a fortnight each. To replay the latter:
 * `aws sqs start-message-move-task --source-arn <DeadLetterQueueArn>`.
 */
export class OnboardingEvents extends Construct {
  readonly deadLetters: Queue;
  readonly undelivered: Queue;

  constructor(scope: Construct, id: string, props: OnboardingEventsProps) {
    super(scope, id);
    const { eventBus, onboarding, functionTimeout, followSbt } = props;
    this.deadLetters = new Queue(this, 'DeadLetters', {
      ...CLOSED_QUEUE,
      retentionPeriod: Duration.days(14),
    });
    this.undelivered = new Queue(this, 'Undelivered', {
      ...CLOSED_QUEUE,
      retentionPeriod: Duration.days(14),
    });
    Validations.of(this.undelivered).acknowledge({
      id: 'AwsSolutions::AwsSolutions-SQS3',
      reason:
        'this is a dead-letter queue itself: of the rule, which the check does not look at, not of a queue',
    });
    const queue = new Queue(this, 'Queue', {
      ...CLOSED_QUEUE,
      // As AWS advises: a batch that Lambda holds back while it throttles is not delivered a second time.
      // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
      visibilityTimeout: Duration.seconds(6 * functionTimeout.toSeconds()),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: DELIVERIES },
    });
    new Rule(this, 'Rule', {
      description: 'Latchkey: what the control plane says of tenants',
      eventBus,
      eventPattern: {
        source: Match.anythingBut(ANNOUNCEMENT_SOURCE),
        detailType: [...TENANT_EVENT_TYPES, ...(followSbt ? SBT_EVENT_TYPES : [])],
      },
      targets: [new SqsQueue(queue, { deadLetterQueue: this.undelivered })],
    });
    onboarding.function.addEventSource(
      new SqsEventSource(queue, {
        batchSize: 10,
        reportBatchItemFailures: true,
        // Every onboarding verifies, with calls to STS that share the account's quota with the vends.
        maxConcurrency: 5,
      }),
    );
    this.publishSchemas();
  }

  /** So that whoever sends and receives the events finds their shapes, and can generate code for them. */
  private publishSchemas(): void {
    const registry = new CfnRegistry(this, 'Schemas', {
      description: `Events of ${Stack.of(this).stackName}`,
    });
    for (const file of readdirSync(SCHEMAS).filter((name) => name.endsWith('.json'))) {
      const schemaName = basename(file, '.json');
      new CfnSchema(this, `Schema${schemaName}`, {
        registryName: registry.attrRegistryName,
        schemaName,
        type: 'JSONSchemaDraft4',
        content: readFileSync(new URL(file, SCHEMAS), 'utf8'),
      });
    }
  }
}

const SCHEMAS = new URL('../../functions/onboarding/schemas/', import.meta.url);

const CLOSED_QUEUE: QueueProps = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true };

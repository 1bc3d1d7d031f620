import { allow, arn, type CorpusEntry, deny, ID, keyed, named, TAG } from './entry.ts';

const SEND = ['sqs:SendMessage', 'sqs:ReceiveMessage', 'sqs:DeleteMessage'];
const queue = (name: string) => arn('sqs', name);
const topic = (name: string) => arn('iot', `topic/${name}`);

/** Queues, topics, buses and streams. */
export const MESSAGING: readonly CorpusEntry[] = [
  {
    name: 'a queue per tenant',
    source: 'SaaS Lens (AWS Well-Architected), SQS queue per tenant',
    session: [allow(SEND, queue(`jobs-${ID}`))],
    owns: [named(queue(`jobs-${ID}`))],
    verdict: 'isolated',
  },
  {
    name: 'a FIFO queue per tenant',
    source: 'Amazon SQS Developer Guide, sqs-basic-examples-of-iam-policies',
    session: [allow(SEND, [queue(`jobs-${ID}`), queue(`jobs-${ID}.fifo`)])],
    owns: [named(queue(`jobs-${ID}`)), named(queue(`jobs-${ID}.fifo`))],
    verdict: 'isolated',
  },
  {
    name: 'several queues of a tenant behind a hyphen',
    source: 'trap: jobs-acme-* has jobs-acme-prod-in',
    session: [allow(SEND, queue(`jobs-${ID}-*`))],
    owns: [named(queue(`jobs-${ID}-*`))],
    verdict: 'crosses',
    refused: true,
  },
  {
    name: 'several queues are owned, one is opened',
    source: 'trap: the naming scheme itself gives acme-prod’s queue to acme',
    session: [allow(SEND, queue(`jobs-${ID}`))],
    owns: [named(queue(`jobs-${ID}`)), named(queue(`jobs-${ID}-*`))],
    verdict: 'crosses',
  },
  {
    name: 'a role with every queue under a session policy with one',
    source: 'IAM User Guide, access_policies.html#policies_session',
    session: [allow(SEND, queue(`jobs-${ID}`))],
    role: [allow('sqs:*', '*')],
    owns: [named(queue(`jobs-${ID}`))],
    verdict: 'isolated',
  },
  {
    name: 'a role with queues by a wildcard, and a session policy with tagged ones',
    source: 'trap: each narrows, and neither by what tells tenants apart',
    session: [allow(SEND, queue('*'), { StringEquals: { 'aws:ResourceTag/Team': ID } })],
    role: [allow(SEND, queue('jobs-*'))],
    owns: [named(queue(`jobs-${ID}`))],
    verdict: 'crosses',
  },
  {
    name: 'a queue with its dead letters',
    source: 'Amazon SQS Developer Guide, dead-letter queues; the underscore ends the id',
    session: [allow(SEND, [queue(`${ID}_jobs`), queue(`${ID}_dead`)])],
    owns: [named(queue(`${ID}_*`))],
    verdict: 'isolated',
  },
  {
    name: 'a topic per tenant',
    source: 'Amazon SNS Developer Guide, sns-using-identity-based-policies',
    session: [allow(['sns:Publish', 'sns:Subscribe'], arn('sns', `events-${ID}`))],
    owns: [named(arn('sns', `events-${ID}`))],
    verdict: 'isolated',
  },
  {
    name: 'a topic of all tenants',
    source: 'trap: a shared topic, and nobody has said so',
    session: [allow('sns:Publish', arn('sns', 'events'))],
    owns: [named(arn('sns', `events-${ID}`))],
    verdict: 'undeclared',
    refused: true,
  },
  {
    name: 'a bus per tenant',
    source: 'Amazon EventBridge User Guide, eb-use-identity-based (PutEvents on a bus)',
    session: [allow('events:PutEvents', arn('events', `event-bus/${ID}`))],
    owns: [named(arn('events', `event-bus/${ID}`))],
    verdict: 'isolated',
  },
  {
    name: 'one bus, events told apart by their source',
    source:
      'Amazon EventBridge User Guide, eb-use-conditions (events:source); whoever puts an event chooses it',
    session: [
      allow('events:PutEvents', arn('events', 'event-bus/app'), {
        StringEquals: { 'events:source': `app.${ID}` },
      }),
    ],
    owns: [keyed(arn('events', 'event-bus/app'), 'events:source', `app.${ID}`)],
    verdict: 'isolated',
    refused: true,
  },
  {
    name: 'a stream per tenant',
    source: 'Amazon Kinesis Data Streams Developer Guide, controlling-access',
    session: [
      allow(['kinesis:PutRecord', 'kinesis:GetRecords'], arn('kinesis', `stream/${ID}_clicks`)),
      allow('firehose:PutRecord', arn('firehose', `deliverystream/${ID}`)),
    ],
    owns: [named(arn('kinesis', `stream/${ID}_clicks`)), named(arn('firehose', `deliverystream/${ID}`))],
    verdict: 'isolated',
  },
  {
    name: 'MQTT topics under the tenant',
    source: 'AWS IoT Core Developer Guide, pub-sub-policy (topics with a specific prefix)',
    session: [
      allow(['iot:Publish', 'iot:Receive'], topic(`${ID}/*`)),
      allow('iot:Subscribe', arn('iot', `topicfilter/${ID}/*`)),
    ],
    owns: [named(topic(`${ID}/*`)), named(arn('iot', `topicfilter/${ID}/*`))],
    verdict: 'isolated',
  },
  {
    name: 'MQTT topics with the tenant in the middle',
    source: 'AWS IoT Core Developer Guide, pub-sub-policy; trap: a wildcard takes slashes as well',
    session: [allow('iot:Publish', topic(`devices/*/${ID}/state`))],
    owns: [named(topic(`devices/*/${ID}/state`))],
    verdict: 'isolated',
    refused: true,
  },
  {
    name: 'MQTT topics with the tenant between wildcards',
    source: 'trap: devices/x/acme/y/globex/state is acme’s and globex’s',
    session: [allow('iot:Publish', topic(`devices/*/${ID}/*`))],
    owns: [named(topic(`devices/*/${ID}/*`))],
    verdict: 'crosses',
    refused: true,
  },
  {
    name: 'shared subtopics denied in the role',
    source: 'AWS IoT Core Developer Guide, pub-sub-policy (a Deny on subtopics)',
    session: [allow('iot:Publish', topic(`${ID}/*`))],
    role: [allow('iot:*', '*'), deny('iot:Publish', topic(`${TAG}/control/*`))],
    owns: [named(topic(`${ID}/*`))],
    verdict: 'isolated',
  },
  {
    name: 'state machines and their executions',
    source: 'AWS Step Functions Developer Guide, concept-create-iam-advanced',
    session: [
      allow('states:StartExecution', arn('states', `stateMachine:${ID}_import`)),
      allow('states:DescribeExecution', arn('states', `execution:${ID}_import:*`)),
    ],
    owns: [
      named(arn('states', `stateMachine:${ID}_import`)),
      named(arn('states', `execution:${ID}_import:*`)),
    ],
    verdict: 'isolated',
  },
];

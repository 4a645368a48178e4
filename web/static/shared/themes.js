/** The themes under which component types stand in lists: each type in one, those first that people ask for first. */

export const THEMES = {
  "Compute": [
    "lambda_function", "lambda_durable_function", "lambda_edge_function", "lambda_managed_instances", "lambda_microvm",
    "event_source_mapping", "fargate_service", "ecs_service", "eks_cluster", "ec2_instance", "app_runner_service",
    "batch_job", "lightsail_instance",
  ],
  "API and edge": [
    "rest_api", "http_api", "websocket_api", "appsync_api", "cloudfront_distribution", "cloudfront_function",
    "load_balancer", "route53_zone", "route53_health_check", "route53_resolver_endpoint", "waf_web_acl",
    "cognito_user_pool",
  ],
  "Messaging and events": [
    "sqs_queue", "sns_topic", "event_bus", "event_pipe", "schedule", "api_destination", "state_machine",
    "kinesis_stream", "firehose_stream", "mq_broker", "msk_cluster", "ses_identity", "iot_core",
  ],
  "Data": [
    "dynamodb_table", "dax_cluster", "s3_bucket", "aurora_serverless", "rds_proxy", "elasticache_serverless",
    "efs_file_system", "athena_workgroup",
  ],
  "Network and operations": [
    "data_transfer", "nat_gateway", "vpc_endpoint", "log_group", "cloudwatch_metrics", "cloudwatch_alarm",
    "cloudwatch_dashboard", "xray", "secret", "ssm_parameter", "kms_key", "ecr_repository",
  ],
  "Anything else": ["external_endpoint", "email_recipients", "metered_usage", "custom_line"],
};

/** Records by theme: [[theme, records], ...]; `nameOf` tells a record's component type. No theme is left empty. */
export function byTheme(records, nameOf) {
  const known = Object.entries(THEMES);
  const last = known.at(-1)[0];
  const themeOf = (name) => known.find(([, names]) => names.includes(name))?.[0] ?? last;
  const place = (record) => THEMES[themeOf(nameOf(record))].indexOf(nameOf(record));
  return known
    .map(([theme]) => [theme, records.filter((record) => themeOf(nameOf(record)) === theme)])
    .filter(([, found]) => found.length > 0)
    .map(([theme, found]) => [theme, found.sort((one, other) => place(one) - place(other))]);
}

output "alarm_arns" {
  description = "All alarms."
  value = [
    aws_cloudwatch_metric_alarm.oldest_message.arn,
    aws_cloudwatch_metric_alarm.half_the_retention.arn,
    aws_cloudwatch_metric_alarm.dead_letters.arn,
    aws_cloudwatch_metric_alarm.in_flight.arn,
    aws_cloudwatch_metric_alarm.database_storage.arn,
  ]
}

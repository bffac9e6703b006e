# Instead of workers that wait for messages: one that empties the queue at each time of a schedule, then ends.

resource "aws_scheduler_schedule" "this" {
  name                         = var.name
  description                  = "sluice run --until-empty"
  schedule_expression          = var.schedule
  schedule_expression_timezone = "UTC"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = var.cluster_arn
    role_arn = aws_iam_role.this.arn

    input = jsonencode({
      containerOverrides = [{
        name    = "sluice"
        command = ["run", "--until-empty", "--for", var.longest_run]
      }]
    })

    ecs_parameters {
      task_definition_arn = var.task_definition_arn
      launch_type         = "FARGATE"
      task_count          = 1

      network_configuration {
        subnets          = var.subnet_ids
        security_groups  = [var.security_group_id]
        assign_public_ip = false
      }
    }

    retry_policy {
      maximum_event_age_in_seconds = 600
      maximum_retry_attempts       = 3
    }
  }
}

data "aws_iam_policy_document" "scheduler_only" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["scheduler.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "start" {
  statement {
    sid       = "Start"
    actions   = ["ecs:RunTask"]
    resources = [var.task_definition_arn]

    condition {
      test     = "ArnEquals"
      variable = "ecs:cluster"
      values   = [var.cluster_arn]
    }
  }

  statement {
    sid       = "PassRoles"
    actions   = ["iam:PassRole"]
    resources = var.role_arns

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["ecs-tasks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "this" {
  name               = "${var.name}-scheduler"
  assume_role_policy = data.aws_iam_policy_document.scheduler_only.json
}

resource "aws_iam_role_policy" "this" {
  name   = "start"
  role   = aws_iam_role.this.id
  policy = data.aws_iam_policy_document.start.json
}

# What the worker may call: the same list as in docs/configuration.md, less what its commands do not need here.
data "aws_iam_policy_document" "task" {
  statement {
    sid = "Queue"
    actions = [
      "sqs:ChangeMessageVisibility",
      "sqs:DeleteMessage",
      "sqs:GetQueueAttributes",
      "sqs:ReceiveMessage",
    ]
    resources = [var.queue_arn]
  }

  # doctor and the figures read how many messages wait there.
  statement {
    sid       = "DeadLetters"
    actions   = ["sqs:GetQueueAttributes"]
    resources = [var.dead_letters_arn]
  }

  statement {
    sid       = "Decrypt"
    actions   = ["kms:Decrypt"]
    resources = [var.queue_key_arn]
  }

  # A keyset file serves one pipeline, whose name is the encryption context of each call.
  statement {
    sid       = "Keyset"
    actions   = ["kms:Decrypt"]
    resources = [var.keyset_key_arn]

    condition {
      test     = "StringEquals"
      variable = "kms:EncryptionContext:sluice-pipeline"
      values   = [var.pipeline_name]
    }
  }
}

# What ECS itself needs to start the worker: its image, its log, its secrets.
data "aws_iam_policy_document" "execution" {
  statement {
    sid       = "Secrets"
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [var.keyset_secret_arn, var.worker_password_secret_arn]
  }

  statement {
    sid       = "Log"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.this.arn}:log-stream:*"]
  }
}

data "aws_iam_policy_document" "migration_execution" {
  statement {
    sid       = "Secrets"
    actions   = ["secretsmanager:GetSecretValue"]
    resources = [var.keyset_secret_arn, var.owner_password_secret_arn]
  }

  statement {
    sid       = "Log"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.this.arn}:log-stream:*"]
  }
}

# Only for an image in ECR, which is encrypted and private.
data "aws_iam_policy_document" "pull" {
  count = var.repository_arn == null ? 0 : 1

  statement {
    sid       = "Image"
    actions   = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
    resources = [var.repository_arn]
  }

  # AWS knows no resource for this call.
  statement {
    sid       = "LogIn"
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"]
  }
}

data "aws_iam_policy_document" "tasks_only" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "task" {
  name               = "${var.name}-task"
  assume_role_policy = data.aws_iam_policy_document.tasks_only.json
}

resource "aws_iam_role_policy" "task" {
  name   = "sluice"
  role   = aws_iam_role.task.id
  policy = data.aws_iam_policy_document.task.json
}

resource "aws_iam_role" "execution" {
  name               = "${var.name}-execution"
  assume_role_policy = data.aws_iam_policy_document.tasks_only.json
}

resource "aws_iam_role_policy" "execution" {
  name   = "start"
  role   = aws_iam_role.execution.id
  policy = data.aws_iam_policy_document.execution.json
}

resource "aws_iam_role" "migration_execution" {
  name               = "${var.name}-migration-execution"
  assume_role_policy = data.aws_iam_policy_document.tasks_only.json
}

resource "aws_iam_role_policy" "migration_execution" {
  name   = "start"
  role   = aws_iam_role.migration_execution.id
  policy = data.aws_iam_policy_document.migration_execution.json
}

resource "aws_iam_role_policy" "pull" {
  for_each = var.repository_arn == null ? {} : {
    worker    = aws_iam_role.execution.id
    migration = aws_iam_role.migration_execution.id
  }

  name   = "pull"
  role   = each.value
  policy = data.aws_iam_policy_document.pull[0].json
}

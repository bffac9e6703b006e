# The workers on Fargate, and the task that migrates the database before them.

data "aws_region" "current" {}

locals {
  # A folder of the task that the first container fills: Fargate cannot mount a secret as a file.
  files = "/var/run/sluice"

  environment = {
    SLUICE_PIPELINE = var.pipeline
    SLUICE_QUEUE    = var.queue_url
    SLUICE_KEYS     = "${local.files}/keys.json"
    SLUICE_KMS_KEY  = var.keyset_key_arn
    AWS_REGION      = data.aws_region.current.region
    PGHOST          = var.database_host
    PGDATABASE      = var.database_name
    PGSSLROOTCERT   = "${local.files}/ca.pem"
  }

  # Copies the keyset file, which the KMS key encrypts, and the authorities of the database's certificate.
  files_container = {
    name                   = "files"
    image                  = var.files_image
    essential              = false
    readonlyRootFilesystem = true
    command = [
      "sh", "-euc",
      "umask 022; printf %s \"$KEYSET\" >${local.files}/keys.json; printf %s \"$CA\" >${local.files}/ca.pem",
    ]
    environment      = [{ name = "CA", value = var.database_ca_pem }]
    secrets          = [{ name = "KEYSET", valueFrom = var.keyset_secret_arn }]
    mountPoints      = [{ sourceVolume = "files", containerPath = local.files, readOnly = false }]
    logConfiguration = local.log["files"]
  }

  sluice_container = {
    name                   = "sluice"
    image                  = var.image
    essential              = true
    user                   = "65532:65532"
    readonlyRootFilesystem = true
    dependsOn              = [{ containerName = "files", condition = "SUCCESS" }]
    mountPoints            = [{ sourceVolume = "files", containerPath = local.files, readOnly = true }]
    linuxParameters        = { capabilities = { drop = ["ALL"] } }
  }

  worker_container = merge(local.sluice_container, {
    command          = ["run"]
    environment      = [for name, value in merge(local.environment, { PGUSER = var.worker_login }) : { name = name, value = value }]
    secrets          = [{ name = "PGPASSWORD", valueFrom = var.worker_password_secret_arn }]
    logConfiguration = local.log["worker"]

    # Above the longest drain: an open long poll of 20 s, then a batch.
    stopTimeout = 75

    healthCheck = {
      command = [
        "CMD", "/opt/sluice/java/bin/java", "@/opt/sluice/java.options", "-Xmx32m", "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1", "dev.sluice.Main", "health",
      ]
      interval    = 30
      timeout     = 10
      retries     = 3
      startPeriod = 60
    }
  })

  migration_container = merge(local.sluice_container, {
    command          = ["migrate", "--roles"]
    environment      = [for name, value in merge(local.environment, { PGUSER = var.owner_login }) : { name = name, value = value }]
    secrets          = [{ name = "PGPASSWORD", valueFrom = "${var.owner_password_secret_arn}:password::" }]
    logConfiguration = local.log["migration"]
  })

  log = {
    for name in ["files", "worker", "migration"] : name => {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.this.name
        awslogs-region        = data.aws_region.current.region
        awslogs-stream-prefix = name
      }
    }
  }
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/sluice/${var.name}"
  retention_in_days = var.log_retention_days
}

resource "aws_security_group" "worker" {
  name        = "${var.name}-worker"
  description = "Sluice's tasks of ${var.name}: nothing connects to them"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_egress_rule" "aws" {
  description       = "SQS, KMS, Secrets Manager, CloudWatch, the registry of the image"
  security_group_id = aws_security_group.worker.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "database" {
  description       = "PostgreSQL"
  security_group_id = aws_security_group.worker.id
  cidr_ipv4         = var.database_cidr
  ip_protocol       = "tcp"
  from_port         = 5432
  to_port           = 5432
}

resource "aws_ecs_task_definition" "worker" {
  family                   = var.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.cpu
  memory                   = var.memory_mb
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn
  container_definitions    = jsonencode([local.files_container, local.worker_container])

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = var.cpu_architecture
  }

  volume {
    name = "files"
  }
}

# Run it before the first deployment and before each new version: see docs/deploy-ecs.md.
resource "aws_ecs_task_definition" "migration" {
  family                   = "${var.name}-migration"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.migration_execution.arn
  container_definitions    = jsonencode([local.files_container, local.migration_container])

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = var.cpu_architecture
  }

  volume {
    name = "files"
  }
}

resource "aws_ecs_service" "this" {
  name                   = var.name
  cluster                = var.cluster_arn
  task_definition        = aws_ecs_task_definition.worker.arn
  launch_type            = "FARGATE"
  desired_count          = var.desired_count
  enable_execute_command = false
  propagate_tags         = "SERVICE"

  # Workers share the queue and the table, so old and new ones may overlap.
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  network_configuration {
    subnets          = var.subnet_ids
    security_groups  = [aws_security_group.worker.id]
    assign_public_ip = false
  }

  lifecycle {
    # The autoscaling module sets it.
    ignore_changes = [desired_count]
  }
}

# Queue, keys, database, workers, autoscaling and alarms in a VPC that exists. Order of the first deployment: docs/deploy-ecs.md.

provider "aws" {
  region = var.region

  default_tags {
    tags = { application = var.name }
  }
}

data "aws_vpc" "this" {
  id = var.vpc_id
}

module "keys" {
  source = "../../modules/keys"

  name = var.name
}

module "queue" {
  source = "../../modules/queue"

  name        = var.name
  kms_key_arn = module.keys.queue_key_arn
}

module "database" {
  source = "../../modules/database"

  name                      = var.name
  vpc_id                    = var.vpc_id
  subnet_ids                = var.private_subnet_ids
  client_security_group_ids = { workers = module.service.security_group_id }
}

# Filled by hand, so that neither value is ever in Terraform's state.
resource "aws_secretsmanager_secret" "keyset" {
  name        = "${var.name}/keyset"
  description = "The keyset file, as sluice keys create writes it with SLUICE_KMS_KEY"
}

resource "aws_secretsmanager_secret" "worker_password" {
  name        = "${var.name}/worker-password"
  description = "Password of login_worker"
}

resource "aws_ecs_cluster" "this" {
  name = var.name

  # Counts the running tasks for the autoscaling.
  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

module "service" {
  source = "../../modules/service"

  name                       = var.name
  cluster_arn                = aws_ecs_cluster.this.arn
  image                      = var.image
  repository_arn             = var.repository_arn
  vpc_id                     = var.vpc_id
  subnet_ids                 = var.private_subnet_ids
  queue_url                  = module.queue.url
  queue_arn                  = module.queue.arn
  dead_letters_arn           = module.queue.dead_letters_arn
  queue_key_arn              = module.keys.queue_key_arn
  keyset_key_arn             = module.keys.keyset_key_arn
  keyset_secret_arn          = aws_secretsmanager_secret.keyset.arn
  database_host              = module.database.host
  database_cidr              = data.aws_vpc.this.cidr_block
  database_name              = module.database.database_name
  database_ca_pem            = file(var.database_ca_file)
  worker_password_secret_arn = aws_secretsmanager_secret.worker_password.arn
  owner_login                = module.database.owner_name
  owner_password_secret_arn  = module.database.owner_secret_arn
  desired_count              = var.workers
}

module "autoscaling" {
  source = "../../modules/autoscaling"

  cluster_arn  = aws_ecs_cluster.this.arn
  service_name = module.service.service_name
  queue_name   = module.queue.name
  min_tasks    = var.workers
}

# With workers = 0 above, this alone empties the queue every night.
module "nightly" {
  source = "../../modules/scheduled-task"
  count  = var.nightly ? 1 : 0

  name                = "${var.name}-nightly"
  schedule            = "cron(17 2 * * ? *)"
  cluster_arn         = aws_ecs_cluster.this.arn
  task_definition_arn = module.service.task_definition_arn
  role_arns           = module.service.role_arns
  subnet_ids          = var.private_subnet_ids
  security_group_id   = module.service.security_group_id
}

module "alarms" {
  source = "../../modules/alarms"

  name                = var.name
  queue_name          = module.queue.name
  dead_letters_name   = module.queue.dead_letters_name
  retention_seconds   = module.queue.retention_seconds
  database_identifier = module.database.identifier
  topic_arn           = var.alarm_topic_arn
}

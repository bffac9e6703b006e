# Two keys: SQS encrypts the messages with one, the keyset file is encrypted with the other. Both have AWS's default key policy:
# the account's IAM policies decide, and the service module permits the worker one kms:Decrypt on each.

resource "aws_kms_key" "queue" {
  description             = "Messages on the queue ${var.name}"
  enable_key_rotation     = true
  deletion_window_in_days = 30
}

resource "aws_kms_alias" "queue" {
  name          = "alias/${var.name}-queue"
  target_key_id = aws_kms_key.queue.key_id
}

# If this key is deleted, no masked value can be recovered.
resource "aws_kms_key" "keyset" {
  description             = "Sluice's keyset file of ${var.name}"
  enable_key_rotation     = true
  deletion_window_in_days = 30

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_kms_alias" "keyset" {
  name          = "alias/${var.name}-keyset"
  target_key_id = aws_kms_key.keyset.key_id
}

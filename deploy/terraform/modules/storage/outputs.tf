output "kms_key_arn" {
  value = aws_kms_key.this.arn
}

output "bucket_name" {
  value = aws_s3_bucket.reports.bucket
}

output "bucket_arn" {
  value = "arn:aws:s3:::${var.name}-reports-${var.account_id}"
}

output "keys_secret_arn" {
  value = aws_secretsmanager_secret.keys.arn
}

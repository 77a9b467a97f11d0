# Sign-in by the balancer, where it is asked for. The agent checks the balancer's signature.

resource "aws_cognito_user_pool" "this" {
  count                    = var.cognito ? 1 : 0
  name                     = var.name
  username_attributes      = ["email"]
  auto_verified_attributes = ["email"]
  mfa_configuration        = "OPTIONAL"
  deletion_protection      = var.deletion_protection ? "ACTIVE" : "INACTIVE"
  software_token_mfa_configuration {
    enabled = true
  }
  # The owner invites; nobody signs up.
  admin_create_user_config {
    allow_admin_create_user_only = true
  }
  password_policy {
    minimum_length                   = 14
    require_lowercase                = true
    require_numbers                  = true
    require_symbols                  = false
    require_uppercase                = true
    temporary_password_validity_days = 7
  }
  account_recovery_setting {
    recovery_mechanism {
      name     = "verified_email"
      priority = 1
    }
  }
}

resource "aws_cognito_user_pool_domain" "this" {
  count        = var.cognito ? 1 : 0
  domain       = var.cognito_domain_prefix
  user_pool_id = one(aws_cognito_user_pool.this[*].id)
}

resource "aws_cognito_user_pool_client" "this" {
  count                                = var.cognito ? 1 : 0
  name                                 = var.name
  user_pool_id                         = one(aws_cognito_user_pool.this[*].id)
  generate_secret                      = true
  allowed_oauth_flows_user_pool_client = true
  allowed_oauth_flows                  = ["code"]
  allowed_oauth_scopes                 = ["openid", "email"]
  supported_identity_providers         = ["COGNITO"]
  callback_urls                        = ["https://${var.domain_name}/oauth2/idpresponse"]
}

"""The lexicons, the clause register and the policy: data that policy people keep, shipped with the package."""

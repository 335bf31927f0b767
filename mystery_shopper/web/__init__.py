"""What every page shares: headers, errors, filters, navigation, limits and the compiled assets."""

import GRDB
import GRDBSQLite

/// Decides what a query may do: look at everything, change nothing.
final class QueryPermission {
  /// What was refused first, in the words of SQL.
  private(set) var refusal: String?

  /// Pragmas that only tell something, even with an argument.
  private static let harmless: Set<String> = [
    "table_info", "table_xinfo", "table_list", "index_list", "index_info", "index_xinfo",
    "foreign_key_list", "foreign_key_check", "integrity_check", "quick_check", "database_list",
    "function_list", "pragma_list", "module_list", "collation_list", "compile_options",
  ]
  /// Pragmas that tell something as long as they have no argument.
  private static let readable: Set<String> = [
    "application_id", "user_version", "schema_version", "data_version", "page_size",
    "page_count", "freelist_count", "encoding", "journal_mode", "foreign_keys", "synchronous",
  ]

  /// Functions that reach beyond the database: they load code, take addresses of it, or write files.
  private static let dangerous: Set<String> = [
    "load_extension", "fts3_tokenizer", "edit", "readfile", "writefile", "sqlite_log",
  ]

  /// Takes the connection over; it must not be used through GRDB afterwards.
  func guardConnection(_ db: Database) {
    let context = unsafe Unmanaged.passUnretained(self).toOpaque()
    unsafe sqlite3_set_authorizer(
      db.sqliteConnection,
      { context, action, first, second, _, _ in
        guard let context = unsafe context else { return SQLITE_DENY }
        let permission = unsafe Unmanaged<QueryPermission>.fromOpaque(context)
          .takeUnretainedValue()
        return permission.decide(
          action, unsafe first.map { unsafe String(cString: $0) },
          unsafe second.map { unsafe String(cString: $0) })
      }, context)
  }

  private func decide(_ action: CInt, _ first: String?, _ second: String?) -> CInt {
    switch action {
    case SQLITE_SELECT, SQLITE_READ, SQLITE_RECURSIVE: return SQLITE_OK
    // Asked when a table-valued function such as json_each() is first used. The statement of that
    // name has no power: the schema table cannot be changed on a connection that only reads.
    case SQLITE_UPDATE where first == "sqlite_master": return SQLITE_OK
    case SQLITE_FUNCTION where !Self.dangerous.contains(second?.lowercased() ?? ""):
      return SQLITE_OK
    case SQLITE_PRAGMA where isAllowed(pragma: first?.lowercased() ?? "", argument: second):
      return SQLITE_OK
    default:
      refusal = refusal ?? Self.name(of: action, first, second)
      return SQLITE_DENY
    }
  }

  private func isAllowed(pragma: String, argument: String?) -> Bool {
    Self.harmless.contains(pragma) || (argument == nil && Self.readable.contains(pragma))
  }

  private static func name(of action: CInt, _ first: String?, _ second: String?) -> String {
    if let first, first.hasPrefix("sqlite_") { return "this statement" }
    return switch action {
    case SQLITE_ATTACH: "ATTACH"
    case SQLITE_DETACH: "DETACH"
    case SQLITE_PRAGMA: "PRAGMA \(first ?? "")"
    case SQLITE_FUNCTION: "\(second ?? "")()"
    case SQLITE_INSERT: "INSERT INTO \(first ?? "")"
    case SQLITE_UPDATE: "UPDATE \(first ?? "")"
    case SQLITE_DELETE: "DELETE FROM \(first ?? "")"
    case SQLITE_TRANSACTION, SQLITE_SAVEPOINT: "a transaction"
    default: "this statement"
    }
  }
}

#include <mysql.h>

// mysql_options and mysql_stmt_attr_set take a `const void *` whose pointee depends on the option; one function for
// each kind of pointee keeps Swift from passing the wrong width.

static inline int mariadb_option_unsigned(MYSQL *connection, enum mysql_option option, unsigned int value) {
  return mysql_options(connection, option, &value);
}

static inline int mariadb_option_bool(MYSQL *connection, enum mysql_option option, int value) {
  my_bool flag = value != 0;
  return mysql_options(connection, option, &flag);
}

static inline int mariadb_option_text(MYSQL *connection, enum mysql_option option, const char *value) {
  return mysql_options(connection, option, value);
}

static inline my_bool mariadb_statement_array_size(MYSQL_STMT *statement, unsigned int size) {
  return mysql_stmt_attr_set(statement, STMT_ATTR_ARRAY_SIZE, &size);
}

/* libcurl, and typed forms of its variadic functions, which Swift cannot call. */
#include <curl/curl.h>

static inline CURLcode ccurl_set_long(CURL *handle, CURLoption option, long value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode ccurl_set_offset(CURL *handle, CURLoption option, curl_off_t value) {
  return curl_easy_setopt(handle, option, value);
}

/* libcurl copies the string. */
static inline CURLcode ccurl_set_string(CURL *handle, CURLoption option, const char *value) {
  return curl_easy_setopt(handle, option, value);
}

/* A list, a buffer or the context of a callback: it must stay valid for as long as the handle uses it. */
static inline CURLcode ccurl_set_pointer(CURL *handle, CURLoption option, void *value) {
  return curl_easy_setopt(handle, option, value);
}

typedef size_t (*ccurl_transfer)(char *buffer, size_t size, size_t count, void *context);

static inline CURLcode ccurl_set_transfer(CURL *handle, CURLoption option, ccurl_transfer callback) {
  return curl_easy_setopt(handle, option, callback);
}

typedef int (*ccurl_debug)(CURL *handle, curl_infotype type, char *data, size_t size, void *context);

static inline CURLcode ccurl_set_debug(CURL *handle, ccurl_debug callback) {
  return curl_easy_setopt(handle, CURLOPT_DEBUGFUNCTION, callback);
}

static inline CURLcode ccurl_get_long(CURL *handle, CURLINFO info, long *value) {
  return curl_easy_getinfo(handle, info, value);
}

static inline CURLcode ccurl_get_socket(CURL *handle, curl_socket_t *value) {
  return curl_easy_getinfo(handle, CURLINFO_ACTIVESOCKET, value);
}

/* Go on when some recipients are refused. Spelled with three L before libcurl 8.2.0. */
static inline CURLcode ccurl_allow_refused_recipients(CURL *handle) {
#if LIBCURL_VERSION_NUM >= 0x080200
  return curl_easy_setopt(handle, CURLOPT_MAIL_RCPT_ALLOWFAILS, 1L);
#else
  return curl_easy_setopt(handle, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
#endif
}

/* CURLUSESSL_NONE or CURLUSESSL_ALL: never the opportunistic kind, which a stripped STARTTLS defeats. */
static inline CURLcode ccurl_require_starttls(CURL *handle, int required) {
  return curl_easy_setopt(handle, CURLOPT_USE_SSL, (long)(required ? CURLUSESSL_ALL : CURLUSESSL_NONE));
}

static inline CURLcode ccurl_global_init(void) { return curl_global_init(CURL_GLOBAL_DEFAULT); }

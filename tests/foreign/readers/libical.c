/* Reads .ics files with libical, by the rules of the file's own VTIMEZONE. */
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>

static void text(const char *value)
{
    putchar('"');
    for (; *value; value++) {
        if (*value == '"' || *value == '\\')
            putchar('\\');
        putchar(*value);
    }
    putchar('"');
}

static void when(const char *name, struct icaltimetype time)
{
    printf(",\"%s\":", name);
    if (icaltime_is_null_time(time)) {
        printf("null");
        return;
    }
    if (time.is_date) {
        printf("\"%04d-%02d-%02d\"", time.year, time.month, time.day);
        return;
    }
    if (time.zone == NULL) { /* a floating time would be taken for UTC */
        fprintf(stderr, "a floating time\n");
        exit(1);
    }
    time = icaltime_convert_to_zone(time, icaltimezone_get_utc_timezone());
    printf("\"%04d-%02d-%02dT%02d:%02d:%02dZ\"", time.year, time.month, time.day, time.hour,
           time.minute, time.second);
}

static char *read_line(char *into, size_t size, void *file)
{
    return fgets(into, (int)size, file);
}

static void calendar(const char *path)
{
    FILE *file = fopen(path, "r");
    icalparser *parser = icalparser_new();
    icalparser_set_gen_data(parser, file);
    icalcomponent *whole = icalparser_parse(parser, read_line);
    if (whole == NULL || icalcomponent_count_errors(whole) > 0) {
        fprintf(stderr, "%s cannot be read\n", path);
        exit(1);
    }
    const char *comma = "";
    putchar('[');
    for (icalcomponent *event = icalcomponent_get_first_component(whole, ICAL_VEVENT_COMPONENT);
         event != NULL;
         event = icalcomponent_get_next_component(whole, ICAL_VEVENT_COMPONENT)) {
        printf("%s{\"uid\":", comma);
        text(icalcomponent_get_uid(event));
        printf(",\"title\":");
        text(icalcomponent_get_summary(event));
        when("start", icalcomponent_get_dtstart(event));
        when("end", icalcomponent_get_first_property(event, ICAL_DTEND_PROPERTY)
                        ? icalcomponent_get_dtend(event)
                        : icaltime_null_time());
        printf(",\"status\":");
        text(icalproperty_status_to_string(icalcomponent_get_status(event)));
        printf(",\"sequence\":%d}", icalcomponent_get_sequence(event));
        comma = ",";
    }
    putchar(']');
    icalcomponent_free(whole);
    icalparser_free(parser);
    fclose(file);
}

int main(int count, char **paths)
{
    putchar('[');
    for (int i = 1; i < count; i++) {
        if (i > 1)
            putchar(',');
        calendar(paths[i]);
    }
    puts("]");
    return 0;
}

package io.camure.doctor.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.camure.doctor.Report;
import java.io.PrintWriter;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** A report for programs. */
final class Json {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .changeDefaultPropertyInclusion(any -> any.withValueInclusion(JsonInclude.Include.NON_NULL))
            .build();

    private Json() {}

    static void write(Report report, PrintWriter out) {
        out.println(MAPPER.writeValueAsString(report));
    }
}

package io.camure.test.support;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/**
 * A UDP payload captured between real camure 0.1.1 nodes.
 *
 * @param from {@code coordinator}, {@code member1} or {@code member2}
 * @param to {@code unicast} or {@code multicast}
 */
public record CapturedDatagram(String scenario, int index, String from, String to, String hex) {

    private static final String RESOURCE = "/vectors-0.1.jsonl";

    public boolean isFromCoordinator() {
        return from.equals("coordinator");
    }

    public byte[] bytes() {
        return HexFormat.of().parseHex(hex);
    }

    /** All that was captured, by scenario, in the order of the capture. */
    public static Map<String, List<CapturedDatagram>> scenarios() {
        JsonMapper mapper = JsonMapper.shared();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(CapturedDatagram.class.getResourceAsStream(RESOURCE), RESOURCE),
                StandardCharsets.UTF_8))) {
            return lines.lines()
                    .map(line -> mapper.readValue(line, CapturedDatagram.class))
                    .collect(
                            Collectors.groupingBy(CapturedDatagram::scenario, LinkedHashMap::new, Collectors.toList()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return scenario + "[" + index + "] " + from + " " + to + " " + hex;
    }
}

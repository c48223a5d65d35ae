package io.camure.spring.boot.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Text can be read in both colour schemes: WCAG 2 wants a contrast of 4.5 for text, and of 3 for what is drawn. */
class ContrastTest {

    private static final Pattern VARIABLE = Pattern.compile("--([a-z-]+): (#[0-9a-f]{6});");
    private static final Pattern OPACITY = Pattern.compile("\\.stale .*?opacity: ([0-9.]+)", Pattern.DOTALL);

    private static Map<String, String> light;
    private static Map<String, String> dark;
    private static double staleOpacity;

    @BeforeAll
    static void readStyle() throws Exception {
        String style = Files.readString(Path.of("src/main/resources/io/camure/spring/boot/dashboard/dashboard.css"));
        int darkStart = style.indexOf("prefers-color-scheme: dark");
        light = variables(style.substring(0, darkStart));
        dark = variables(style.substring(darkStart));
        assertThat(dark).hasSameSizeAs(light).hasSizeGreaterThan(12);
        Matcher opacity = OPACITY.matcher(style);
        assertThat(opacity.find()).isTrue();
        staleOpacity = Double.parseDouble(opacity.group(1));
    }

    private static Map<String, String> variables(String style) {
        Map<String, String> variables = new LinkedHashMap<>();
        Matcher matcher = VARIABLE.matcher(style);
        while (matcher.find()) {
            variables.put(matcher.group(1), matcher.group(2));
        }
        return variables;
    }

    @ParameterizedTest
    @CsvSource({
        "text, page",
        "text, panel",
        "text, soft",
        "text, good-soft",
        "muted, page",
        "muted, panel",
        "muted, soft",
        "good, panel",
        "good, good-soft",
        "warn, panel",
        "warn, page",
        "warn, warn-soft",
        "bad, panel",
        "bad, page",
        "bad, bad-soft",
        "first, panel",
        "second, panel",
        "page, text",
    })
    void textIsReadable(String text, String background) {
        for (Map<String, String> colors : List.of(light, dark)) {
            assertThat(contrast(rgb(colors.get(text)), rgb(colors.get(background))))
                    .as(text + " on " + background + " in " + colors)
                    .isGreaterThanOrEqualTo(4.5);
        }
    }

    @ParameterizedTest
    @CsvSource({"panel", "page", "soft", "good-soft", "warn-soft", "bad-soft"})
    void whatIsOldIsReadable(String background) {
        for (Map<String, String> colors : List.of(light, dark)) {
            double[] text = mixed(rgb(colors.get("text")), rgb(colors.get("page")));
            double[] behind = mixed(rgb(colors.get(background)), rgb(colors.get("page")));
            assertThat(contrast(text, behind)).as(background).isGreaterThanOrEqualTo(4.5);
        }
    }

    @ParameterizedTest
    @CsvSource({"first, panel", "hold, panel", "bad, panel"})
    void drawingsAreVisible(String mark, String background) {
        for (Map<String, String> colors : List.of(light, dark)) {
            assertThat(contrast(rgb(colors.get(mark)), rgb(colors.get(background))))
                    .as(mark + " in " + colors)
                    .isGreaterThanOrEqualTo(3);
        }
    }

    private static double[] rgb(String color) {
        int value = Integer.parseInt(color.substring(1), 16);
        return new double[] {value >> 16 & 255, value >> 8 & 255, value & 255};
    }

    private static double[] mixed(double[] front, double[] back) {
        double[] mixed = new double[3];
        for (int i = 0; i < 3; i++) {
            mixed[i] = front[i] * staleOpacity + back[i] * (1 - staleOpacity);
        }
        return mixed;
    }

    private static double contrast(double[] one, double[] other) {
        double lighter = Math.max(luminance(one), luminance(other));
        double darker = Math.min(luminance(one), luminance(other));
        return (lighter + 0.05) / (darker + 0.05);
    }

    private static double luminance(double[] rgb) {
        double[] weights = {0.2126, 0.7152, 0.0722};
        double sum = 0;
        for (int i = 0; i < 3; i++) {
            double share = rgb[i] / 255;
            sum += weights[i] * (share <= 0.03928 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4));
        }
        return sum;
    }
}

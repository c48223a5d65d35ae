package com.example.guide;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the README of camure shows of this application. */
final class Readme {

    /** A path alone on a line, and the block below it. */
    private static final Pattern FILE = Pattern.compile("^`([^`\n]+)`:?\n+```[a-z]*\n(.*?)^```$", flags());

    private static final Pattern BLOCK = Pattern.compile("^```[a-z]*\n(.*?)^```$", flags());
    private static final Pattern START =
            Pattern.compile("^java -jar target/prices-1\\.0\\.jar (.*)$", Pattern.MULTILINE);
    private static final Pattern REQUEST = Pattern.compile("^\\$ curl -s (.*)$", Pattern.MULTILINE);

    private final String text;

    Readme() throws IOException {
        text = Files.readString(root().resolve("README.md"));
    }

    /** The directory of camure, above this module. */
    static Path root() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve("README.md"))) {
            directory = directory.getParent();
        }
        return directory;
    }

    /** The content of each file that it shows, by the file's path. */
    Map<String, String> files() {
        Map<String, String> files = new LinkedHashMap<>();
        FILE.matcher(text).results().forEach(file -> files.put(file.group(1), file.group(2)));
        return files;
    }

    /** The arguments of the command that starts a node in this role. */
    List<String> startArguments(String role) {
        return START.matcher(text)
                .results()
                .map(start -> start.group(1))
                .filter(arguments -> arguments.endsWith("=" + role))
                .findFirst()
                .map(arguments -> List.of(arguments.split(" ")))
                .orElseThrow(() -> new AssertionError("the README starts no " + role));
    }

    /** The answer to each request that it shows, without line breaks, by the request. */
    Map<String, String> answers() {
        Map<String, String> answers = new LinkedHashMap<>();
        BLOCK.matcher(text).results().map(block -> block.group(1)).forEach(block -> {
            Matcher request = REQUEST.matcher(block);
            while (request.find()) {
                int end = block.indexOf("\n$ ", request.end());
                String answer = block.substring(request.end(), end < 0 ? block.length() : end);
                answers.put(request.group(1), answer.replaceAll("\n *", ""));
            }
        });
        return answers;
    }

    /** The lines that it shows of what a node prints. */
    List<String> printed(String node) {
        Matcher shown = Pattern.compile("`" + node + "`[^\n]* prints:?\n+```[a-z]*\n(.*?)^```$", flags())
                .matcher(text);
        if (!shown.find()) {
            throw new AssertionError("the README does not show what the " + node + " prints");
        }
        return shown.group(1).lines().toList();
    }

    private static int flags() {
        return Pattern.MULTILINE | Pattern.DOTALL;
    }
}

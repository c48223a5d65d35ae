package io.camure.protocol.group;

/**
 * Who is admitted to a group.
 *
 * @param automatic whether whoever asks gets in; otherwise one for each accept
 * @param expectedMembers how many must have been in at the same time before the first round or chunk
 */
public record Admission(boolean automatic, int expectedMembers) {}

/** The groups of a node as such, of whatever kind: who creates, joins, resumes and ends them. Not API. */
@NullMarked
package io.camure.node.group;

import org.jspecify.annotations.NullMarked;

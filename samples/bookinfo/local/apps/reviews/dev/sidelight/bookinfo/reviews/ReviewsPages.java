/*
 * Copyright The Sidelight Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package dev.sidelight.bookinfo.reviews;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Renders the reviews as bookinfo's JSON. */
final class ReviewsPages {
  private static final String[] TEXTS = {
    "An extremely entertaining play by Shakespeare. The slapstick humour is refreshing!",
    "Absolutely fun and entertaining. The play lacks thematic depth when compared to other plays by Shakespeare."
  };

  private final String podName;
  private final String starColor;

  /**
   * Creates the pages of one version.
   *
   * @param podName named in each response
   * @param starColor black or red; empty for the version without ratings
   */
  ReviewsPages(String podName, String starColor) {
    this.podName = podName;
    this.starColor = starColor;
  }

  /** Whether this version shows ratings. */
  boolean needsRatings() {
    return !starColor.isEmpty();
  }

  /**
   * The reviews of a product; {@code ratings} is what the ratings service answered, ignored by the
   * version without ratings.
   */
  String reviews(String productId, String ratings) {
    StringBuilder json = new StringBuilder(512);
    json.append("{\"id\":\"").append(productId).append("\",\"podname\":\"").append(podName);
    json.append("\",\"clustername\":\"null\",\"reviews\":[");
    for (int i = 0; i < TEXTS.length; i++) {
      String reviewer = "Reviewer" + (i + 1);
      json.append(i == 0 ? "" : ",");
      json.append("{\"reviewer\":\"")
          .append(reviewer)
          .append("\",\"text\":\"")
          .append(TEXTS[i])
          .append('"');
      if (needsRatings()) {
        json.append(",\"rating\":").append(rating(reviewer, ratings));
      }
      json.append('}');
    }
    return json.append("]}").toString();
  }

  private String rating(String reviewer, String ratings) {
    Matcher stars = Pattern.compile("\"" + reviewer + "\":(\\d)").matcher(ratings);
    return stars.find()
        ? "{\"stars\":" + stars.group(1) + ",\"color\":\"" + starColor + "\"}"
        : "{\"error\":\"Ratings service is currently unavailable\"}";
  }
}

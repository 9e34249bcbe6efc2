<?xml version="1.0" encoding="UTF-8"?>
<!-- Merges the library's manifest into the app's, as Android's build does it, which also has native libraries read in place. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:android="http://schemas.android.com/apk/res/android">
  <xsl:param name="library" />
  <xsl:param name="package" />
  <xsl:variable name="theirs" select="document($library)/manifest" />

  <xsl:template match="/manifest">
    <manifest package="{$package}">
      <xsl:copy-of select="@*" />
      <xsl:copy-of select="*[not(self::application)]" />
      <xsl:copy-of select="$theirs/*[not(self::application or self::uses-sdk)]" />
      <application android:extractNativeLibs="false">
        <xsl:copy-of select="application/@*" />
        <xsl:copy-of select="application/*" />
        <xsl:copy-of select="$theirs/application/*" />
      </application>
    </manifest>
  </xsl:template>
</xsl:stylesheet>

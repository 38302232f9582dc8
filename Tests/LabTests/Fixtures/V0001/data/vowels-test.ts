@problemName Vowels
@dimensions 2
@classLabel true öffnen high low
@data
1.375,1.5:0.125,0.25:low
2.625:0.875:high
0.375,0.25:0.5,0.625:öffnen

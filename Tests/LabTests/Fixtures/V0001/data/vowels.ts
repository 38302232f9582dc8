# Two dimensions, unequal lengths.
@problemName Vowels
@timeStamps false
@univariate false
@dimensions 2
@equalLength false
@classLabel true low high öffnen
@data
1.5,1.6,1.2:0.1,0.2,0.1:low
2.5,2.6:0.9,0.8:high
0.5,0.25,0.75,1.0:0.5,0.5,0.25,0.125:öffnen
1.25,1.5:0.25,0.125:low
2.75:1.0:high
0.125,0.5,0.25:0.75,0.5,0.5:öffnen
